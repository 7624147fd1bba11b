//! Pausing and single-stepping: training passes a gate before each batch.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use burn::data::dataloader::{DataLoader, DataLoaderIterator, Progress};
use burn::data::dataset::DatasetError;
use burn::tensor::Device;

use crate::callback::{BatchEnd, Callback, Control};

/// How often a waiting training looks whether anyone is left who could let it go on.
const LOOK_AROUND: Duration = Duration::from_millis(100);

/// A handle to pause, step and resume a training. Clones are handles to the same gate.
///
/// For [`Sequential`](crate::Sequential) add [`Gate::callback`]; for Burn's own training wrap the loader with
/// [`LearnerRun::gated`](super::LearnerRun::gated). Neither counts as a handle: when the last one is gone, training
/// goes on by itself.
#[derive(Clone, Debug, Default)]
pub struct Gate {
    inner: Arc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    shut: bool,
    /// Batches that may pass although the gate is shut.
    passes: u64,
    waiting: u32,
}

impl Gate {
    /// An open gate.
    pub fn new() -> Self {
        Self::default()
    }

    /// Training stops before its next batch.
    pub fn pause(&self) {
        self.inner.change(|state| state.shut = true);
    }

    /// Training goes on.
    pub fn resume(&self) {
        self.inner.change(|state| *state = State { waiting: state.waiting, ..State::default() });
    }

    /// Lets so many batches pass, then pauses.
    pub fn step(&self, batches: u64) {
        self.inner.change(|state| {
            state.shut = true;
            state.passes = state.passes.saturating_add(batches);
        });
    }

    /// A callback for [`Sequential::fit`](crate::Sequential::fit) that waits while the gate is shut.
    pub fn callback(&self) -> GateCallback {
        GateCallback(self.threshold())
    }

    fn threshold(&self) -> Threshold {
        Threshold(Arc::downgrade(&self.inner))
    }

    /// Whether the gate is shut; training may still be busy with the batch before it.
    pub fn is_paused(&self) -> bool {
        let state = self.inner.lock();
        state.shut && state.passes == 0
    }

    /// Whether training stands at the gate now: between two batches, nothing running.
    pub fn is_waiting(&self) -> bool {
        self.inner.lock().waiting > 0
    }
}

impl Inner {
    /// A thread that panicked while holding the lock left a whole state behind: every change is one assignment.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.lock());
        self.changed.notify_all();
    }
}

/// The training's side of a gate: it does not keep the gate alive, so a gate that nobody can open stands open.
#[derive(Clone, Debug)]
struct Threshold(Weak<Inner>);

impl Threshold {
    /// Returns at once when the gate is open; otherwise waits for a pass, or until no handle is left.
    fn pass(&self) {
        let Some(inner) = self.0.upgrade() else { return };
        let mut state = inner.lock();
        state.waiting += 1;
        while state.shut && state.passes == 0 && Arc::strong_count(&inner) > 1 {
            state = match inner.changed.wait_timeout(state, LOOK_AROUND) {
                Ok((state, _)) => state,
                Err(poisoned) => poisoned.into_inner().0,
            };
        }
        state.waiting -= 1;
        state.passes = state.passes.saturating_sub(1);
    }
}

/// Waits after each batch while its gate is shut; made by [`Gate::callback`].
#[derive(Clone, Debug)]
pub struct GateCallback(Threshold);

impl Callback for GateCallback {
    fn on_batch_end(&mut self, batch: &BatchEnd) -> Control {
        // After the last batch there is nothing to hold back.
        if batch.step < batch.steps {
            self.0.pass();
        }
        Control::Continue
    }
}

/// A data loader whose batches pass a gate, on the training thread.
pub struct GateLoader<O> {
    inner: Arc<dyn DataLoader<O>>,
    threshold: Threshold,
}

impl<O> GateLoader<O> {
    /// Batches of `inner`, each waiting while `gate` is shut.
    pub fn new(inner: Arc<dyn DataLoader<O>>, gate: &Gate) -> Self {
        Self { inner, threshold: gate.threshold() }
    }

    fn around(&self, inner: Arc<dyn DataLoader<O>>) -> Self {
        Self { inner, threshold: self.threshold.clone() }
    }
}

impl<O: 'static> DataLoader<O> for GateLoader<O> {
    fn iter<'a>(&'a self) -> Box<dyn DataLoaderIterator<O> + 'a> {
        Box::new(GateIterator { inner: self.inner.iter(), threshold: &self.threshold })
    }

    fn num_items(&self) -> usize {
        self.inner.num_items()
    }

    fn to_device(&self, device: &Device) -> Arc<dyn DataLoader<O>> {
        Arc::new(self.around(self.inner.to_device(device)))
    }

    fn slice(&self, start: usize, end: usize) -> Arc<dyn DataLoader<O>> {
        Arc::new(self.around(self.inner.slice(start, end)))
    }
}

struct GateIterator<'a, O> {
    inner: Box<dyn DataLoaderIterator<O> + 'a>,
    threshold: &'a Threshold,
}

impl<O> Iterator for GateIterator<'_, O> {
    type Item = Result<O, DatasetError>;
    fn next(&mut self) -> Option<Self::Item> {
        if !self.inner.progress().is_completed() {
            self.threshold.pass();
        }
        self.inner.next()
    }
}

impl<O> DataLoaderIterator<O> for GateIterator<'_, O> {
    fn progress(&self) -> Progress {
        self.inner.progress()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::thread;

    use super::*;

    /// A training of `batches` batches at the gate; the counter says how many passed.
    fn training(gate: &Gate, batches: u64) -> (thread::JoinHandle<()>, Arc<AtomicU64>) {
        let (threshold, passed) = (gate.threshold(), Arc::new(AtomicU64::new(0)));
        let count = Arc::clone(&passed);
        let thread = thread::spawn(move || {
            for _ in 0..batches {
                threshold.pass();
                count.fetch_add(1, Ordering::SeqCst);
            }
        });
        (thread, passed)
    }

    fn wait_until(what: impl Fn() -> bool) {
        for _ in 0..2000 {
            if what() {
                return;
            }
            thread::sleep(Duration::from_millis(5));
        }
        panic!("it did not happen within 10 s");
    }

    #[test]
    fn an_open_gate_lets_all_through() {
        let gate = Gate::new();
        training(&gate, 1000).0.join().unwrap();
        assert!(!gate.is_paused() && !gate.is_waiting());
    }

    #[test]
    fn pause_step_and_resume() {
        let gate = Gate::new();
        gate.pause();
        let (thread, passed) = training(&gate, 10);
        wait_until(|| gate.is_waiting());
        assert_eq!(passed.load(Ordering::SeqCst), 0);
        gate.step(3);
        wait_until(|| passed.load(Ordering::SeqCst) == 3 && gate.is_waiting());
        assert!(gate.is_paused());
        gate.resume();
        thread.join().unwrap();
        assert_eq!(passed.load(Ordering::SeqCst), 10);
    }

    #[test]
    fn a_gate_that_nobody_can_open_stands_open() {
        let gate = Gate::new();
        gate.pause();
        let (thread, passed) = training(&gate, 10);
        wait_until(|| gate.is_waiting());
        drop(gate);
        thread.join().unwrap();
        assert_eq!(passed.load(Ordering::SeqCst), 10);
    }
}
