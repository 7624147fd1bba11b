//! A line on the console that says how far training is.

use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

use trainscope_schema::Note;

use super::{BatchEnd, Callback, Control, EpochEnd, TrainContext, TrainEnd};

/// Redrawing more often costs time and shows nothing more.
const REDRAW: Duration = Duration::from_millis(100);
const WIDTH: usize = 24;

/// Progress on standard error: one line, redrawn, on a terminal; one line an epoch otherwise.
///
/// A closed or full standard error is no trouble: what cannot be written is left away.
pub struct ProgressBar {
    out: Box<dyn Write + Send>,
    terminal: bool,
    started: Instant,
    drawn: Option<Instant>,
}

impl Default for ProgressBar {
    fn default() -> Self {
        Self::new()
    }
}

impl ProgressBar {
    /// On standard error.
    pub fn new() -> Self {
        let stderr = std::io::stderr();
        let terminal = stderr.is_terminal();
        Self::to(stderr, terminal)
    }

    /// To any writer; `terminal` says whether a carriage return redraws the line there.
    pub fn to(out: impl Write + Send + 'static, terminal: bool) -> Self {
        Self { out: Box::new(out), terminal, started: Instant::now(), drawn: None }
    }

    fn line(&mut self, text: &str) {
        let clear = if self.terminal { "\r\x1b[K" } else { "" };
        let _ = writeln!(self.out, "{clear}{text}");
        let _ = self.out.flush();
    }
}

impl Callback for ProgressBar {
    fn on_train_begin(&mut self, _context: &TrainContext<'_>) {
        (self.started, self.drawn) = (Instant::now(), None);
    }

    fn on_batch_end(&mut self, batch: &BatchEnd) -> Control {
        if self.terminal && self.drawn.is_none_or(|drawn| drawn.elapsed() >= REDRAW) {
            self.drawn = Some(Instant::now());
            let text = batch_text(batch, self.started.elapsed());
            let _ = write!(self.out, "\r\x1b[K{text}");
            let _ = self.out.flush();
        }
        Control::Continue
    }

    fn on_epoch_end(&mut self, end: &EpochEnd<'_>) -> Control {
        let text = epoch_text(end, self.started.elapsed());
        self.line(&text);
        Control::Continue
    }

    fn on_note(&mut self, note: &Note) {
        self.line(&format!("note: {}", note.text));
    }

    fn on_train_end(&mut self, end: &TrainEnd<'_>) {
        if let Some(reason) = &end.history.stopped {
            self.line(&format!("stopped: {reason}"));
        }
    }
}

fn batch_text(batch: &BatchEnd, elapsed: Duration) -> String {
    let done = batch.step as f64 / batch.steps.max(1) as f64;
    let full = ((done * WIDTH as f64) as usize).min(WIDTH);
    let bar = "━".repeat(full) + &"─".repeat(WIDTH - full);
    format!(
        "epoch {}/{} {bar} step {}/{}  loss {:.4}  accuracy {:.1} %  {} left",
        batch.epoch,
        batch.epochs,
        batch.step,
        batch.steps,
        batch.loss,
        batch.accuracy * 100.0,
        clock(left(done, elapsed)),
    )
}

fn epoch_text(end: &EpochEnd<'_>, elapsed: Duration) -> String {
    let scores = &end.scores;
    let train = scores.train;
    let mut text = format!(
        "epoch {:>2}/{}  loss {:.4}  accuracy {:.1} %",
        scores.epoch,
        end.epochs,
        train.loss,
        train.accuracy * 100.0
    );
    if let Some(validation) = scores.validation {
        text +=
            &format!("  val_loss {:.4}  val_accuracy {:.1} %", validation.loss, validation.accuracy * 100.0);
    }
    let done = scores.step as f64 / end.steps.max(1) as f64;
    text + &format!("  {} gone, {} left", clock(elapsed), clock(left(done, elapsed)))
}

/// Time left, if the rest goes as fast as what was done.
fn left(done: f64, elapsed: Duration) -> Duration {
    let secs = elapsed.as_secs_f64() * (1.0 - done) / done;
    Duration::try_from_secs_f64(secs).unwrap_or_default()
}

fn clock(time: Duration) -> String {
    // Rounded up, so that the last second is not called 0:00.
    let secs = time.as_secs() + u64::from(time.subsec_nanos() > 0);
    match secs / 3600 {
        0 => format!("{}:{:02}", secs / 60, secs % 60),
        hours => format!("{hours}:{:02}:{:02}", secs / 60 % 60, secs % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::{EpochScores, SplitScores};

    fn batch() -> BatchEnd {
        BatchEnd { epoch: 2, epochs: 4, step: 25, steps: 100, rows: 32, loss: 0.5, accuracy: 0.875 }
    }

    #[test]
    fn a_batch_says_where_it_is_and_what_is_left() {
        assert_eq!(
            batch_text(&batch(), Duration::from_secs(20)),
            "epoch 2/4 ━━━━━━────────────────── step 25/100  loss 0.5000  accuracy 87.5 %  1:00 left"
        );
        let nan = BatchEnd { loss: f64::NAN, step: 0, ..batch() };
        assert!(batch_text(&nan, Duration::from_secs(20)).contains("loss NaN"));
    }

    #[test]
    fn an_epoch_says_what_it_came_to() {
        let train = SplitScores { loss: 0.25, accuracy: 0.9 };
        let validation = Some(SplitScores { loss: 0.5, accuracy: 0.8 });
        let scores = EpochScores { epoch: 3, step: 30, train, validation };
        let end = EpochEnd { scores, epochs: 4, steps: 40, validation: None, probe: &[] };
        assert_eq!(
            epoch_text(&end, Duration::from_secs(3600)),
            "epoch  3/4  loss 0.2500  accuracy 90.0 %  val_loss 0.5000  val_accuracy 80.0 %  1:00:00 gone, 20:00 left"
        );
    }

    #[test]
    fn a_closed_console_is_no_trouble() {
        struct Closed;
        impl Write for Closed {
            fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
                Err(std::io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> std::io::Result<()> {
                Err(std::io::ErrorKind::BrokenPipe.into())
            }
        }
        let mut bar = ProgressBar::to(Closed, true);
        assert_eq!(bar.on_batch_end(&batch()), Control::Continue);
        bar.line("x");
    }
}
