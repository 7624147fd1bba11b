//! What can be called while a model trains: the trait, its events, and the callbacks that come with this crate.

mod early_stopping;
mod event;
mod progress_bar;
mod run;
mod stop_on_nan;

pub use early_stopping::{EarlyStopping, Mode};
pub use event::{BatchEnd, EpochBegin, EpochEnd, TrainContext, TrainEnd, ValidationEnd};
pub use progress_bar::ProgressBar;
pub use run::{RunCallback, RunExt};
pub use stop_on_nan::StopOnNan;
use trainscope_schema::Note;

/// Whether training goes on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Control {
    /// It does.
    #[default]
    Continue,
    /// It ends after this batch or epoch; the epoch's end is still reported.
    Stop {
        /// Why, as a sentence for the reader.
        reason: String,
    },
}

impl Control {
    /// Ends training, with the reason.
    pub fn stop(reason: impl Into<String>) -> Self {
        Self::Stop { reason: reason.into() }
    }
}

/// Called while a model trains, on the training thread: what it does slowly, training does slowly.
///
/// Order: `on_train_begin`, then for each epoch `on_epoch_begin`, `on_batch_end` for each batch, `on_epoch_end`, and at
/// last `on_train_end`. Callbacks are called in the order they were added; each is called even when one said stop.
pub trait Callback {
    /// Name of the metric that it watches, so that a wrong name is found before training starts.
    fn monitors(&self) -> Option<&str> {
        None
    }

    /// Whether [`EpochEnd::probe`] should hold the feature maps of one image: they cost a forward pass an epoch.
    fn wants_probe(&self) -> bool {
        false
    }

    /// Before the first epoch.
    fn on_train_begin(&mut self, _context: &TrainContext<'_>) {}

    /// Before each epoch.
    fn on_epoch_begin(&mut self, _begin: &EpochBegin) {}

    /// After each batch.
    fn on_batch_end(&mut self, _batch: &BatchEnd) -> Control {
        Control::Continue
    }

    /// After each epoch and its validation.
    fn on_epoch_end(&mut self, _end: &EpochEnd<'_>) -> Control {
        Control::Continue
    }

    /// When something deserves a sentence: an empty validation set, a loss that became NaN.
    fn on_note(&mut self, _note: &Note) {}

    /// After the last epoch, also when training was stopped or the device failed.
    fn on_train_end(&mut self, _end: &TrainEnd<'_>) {}
}

/// Whoever holds a callback is one: a list may own it or borrow it.
macro_rules! forward_callback {
    ($($holder:ty),*) => {$(
        impl<C: Callback + ?Sized> Callback for $holder {
            fn monitors(&self) -> Option<&str> {
                (**self).monitors()
            }
            fn wants_probe(&self) -> bool {
                (**self).wants_probe()
            }
            fn on_train_begin(&mut self, context: &TrainContext<'_>) {
                (**self).on_train_begin(context);
            }
            fn on_epoch_begin(&mut self, begin: &EpochBegin) {
                (**self).on_epoch_begin(begin);
            }
            fn on_batch_end(&mut self, batch: &BatchEnd) -> Control {
                (**self).on_batch_end(batch)
            }
            fn on_epoch_end(&mut self, end: &EpochEnd<'_>) -> Control {
                (**self).on_epoch_end(end)
            }
            fn on_note(&mut self, note: &Note) {
                (**self).on_note(note);
            }
            fn on_train_end(&mut self, end: &TrainEnd<'_>) {
                (**self).on_train_end(end);
            }
        }
    )*};
}

forward_callback!(&mut C, Box<C>);

/// A closure after each batch; see [`Fit::on_batch_end`](crate::Fit::on_batch_end).
pub(crate) struct OnBatchEnd<F>(pub(crate) F);

impl<F: FnMut(&BatchEnd) -> Control> Callback for OnBatchEnd<F> {
    fn on_batch_end(&mut self, batch: &BatchEnd) -> Control {
        (self.0)(batch)
    }
}

/// A closure after each epoch; see [`Fit::on_epoch_end`](crate::Fit::on_epoch_end).
pub(crate) struct OnEpochEnd<F>(pub(crate) F);

impl<F: FnMut(&EpochEnd<'_>) -> Control> Callback for OnEpochEnd<F> {
    fn on_epoch_end(&mut self, end: &EpochEnd<'_>) -> Control {
        (self.0)(end)
    }
}
