//! The queue for everything but points: tensors, predictions, notes.
//!
//! # When it is full
//! It holds 1,024 records and 256 MiB. A record that finds it full is counted as lost, and training goes on.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use trainscope_schema::Record;

const QUEUE_RECORDS: usize = 1024;
const QUEUE_BYTES: usize = 256 << 20;

/// The sending end; shared by all threads.
pub(crate) struct Queue {
    sender: SyncSender<Record>,
    bytes: AtomicUsize,
    pub lost: AtomicU64,
}

impl Queue {
    pub fn new() -> (Self, Receiver<Record>) {
        let (sender, receiver) = sync_channel(QUEUE_RECORDS);
        (Self { sender, bytes: AtomicUsize::new(0), lost: AtomicU64::new(0) }, receiver)
    }

    /// Hands a record to the writer, or counts it as lost.
    pub fn push(&self, record: Record) {
        let size = size_bytes(&record);
        let before = self.bytes.fetch_add(size, Ordering::Relaxed);
        if before.saturating_add(size) > QUEUE_BYTES || self.sender.try_send(record).is_err() {
            self.bytes.fetch_sub(size, Ordering::Relaxed);
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// To be called by the writer for every record that it took out.
    pub fn taken(&self, record: &Record) {
        self.bytes.fetch_sub(size_bytes(record), Ordering::Relaxed);
    }
}

fn size_bytes(record: &Record) -> usize {
    match record {
        Record::Tensor(tensor) => tensor.values.len() * 4,
        Record::Predictions(batch) => (batch.labels.len() * 2 + batch.probabilities.len()) * 4,
        _ => 256,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use trainscope_schema::{Epoch, Step, Tensor, TensorRole};

    fn tensor(values: usize) -> Record {
        Record::Tensor(Tensor {
            name: "conv1".into(),
            role: TensorRole::Activation,
            order: 0,
            shape: vec![values as u32],
            step: Step(1),
            epoch: Epoch(1),
            caption: None,
            values: vec![0.0; values],
        })
    }

    #[test]
    fn a_full_queue_counts_and_does_not_wait() {
        let (queue, _receiver) = Queue::new();
        for _ in 0..QUEUE_RECORDS + 7 {
            queue.push(tensor(1));
        }
        assert_eq!(queue.lost.load(Ordering::Relaxed), 7);
    }

    #[test]
    fn bytes_are_bounded_and_given_back() {
        let (queue, receiver) = Queue::new();
        let half = QUEUE_BYTES / 8;
        queue.push(tensor(half));
        queue.push(tensor(half));
        queue.push(tensor(half));
        assert_eq!(queue.lost.load(Ordering::Relaxed), 1, "two halves fit, a third does not");
        queue.taken(&receiver.recv().unwrap());
        queue.push(tensor(half));
        assert_eq!(queue.lost.load(Ordering::Relaxed), 1, "there is room again");
    }
}
