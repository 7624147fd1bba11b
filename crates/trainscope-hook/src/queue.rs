//! The queue for everything but points: tensors, predictions, notes.
//!
//! # When it is full
//! It holds 1,024 records and 256 MiB. A record that finds it full is counted as lost, and training goes on.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};

use trainscope_schema::Record;

pub(crate) const QUEUE_RECORDS: usize = 1024;
const QUEUE_BYTES: usize = 256 << 20;

/// The sending end; shared by all threads.
pub(crate) struct Queue {
    sender: SyncSender<Record>,
    bytes: AtomicUsize,
    lost: AtomicU64,
    ended: AtomicBool,
    /// The receiving end of a run that has ended: what slipped in meanwhile is counted.
    left: Mutex<Option<Receiver<Record>>>,
}

impl Queue {
    pub fn new() -> (Self, Receiver<Record>) {
        let (sender, receiver) = sync_channel(QUEUE_RECORDS);
        let queue = Self {
            sender,
            bytes: AtomicUsize::new(0),
            lost: AtomicU64::new(0),
            ended: AtomicBool::new(false),
            left: Mutex::default(),
        };
        (queue, receiver)
    }

    /// Hands a record to the writer, or counts it as lost.
    pub fn push(&self, record: Record) {
        if self.ended.load(Ordering::Relaxed) {
            return self.count_lost();
        }
        let size = size_bytes(&record);
        let before = self.bytes.fetch_add(size, Ordering::Relaxed);
        if before.saturating_add(size) > QUEUE_BYTES || self.sender.try_send(record).is_err() {
            self.bytes.fetch_sub(size, Ordering::Relaxed);
            self.count_lost();
        }
    }

    /// Counts a record that was not handed over.
    pub fn count_lost(&self) {
        self.lost.fetch_add(1, Ordering::Relaxed);
    }

    /// Takes no more records from now on: they are counted as lost.
    pub fn end(&self) {
        self.ended.store(true, Ordering::Relaxed);
    }

    /// Keeps the receiving end after the last record was taken out.
    pub fn settle(&self, receiver: Receiver<Record>) {
        *self.left.lock().unwrap_or_else(PoisonError::into_inner) = Some(receiver);
    }

    /// Records that never reached the writer.
    pub fn lost(&self) -> u64 {
        if let Some(left) = &*self.left.lock().unwrap_or_else(PoisonError::into_inner) {
            left.try_iter().for_each(|_| self.count_lost());
        }
        self.lost.load(Ordering::Relaxed)
    }

    /// To be called by the writer for every record that it took out.
    pub fn taken(&self, record: &Record) {
        self.bytes.fetch_sub(size_bytes(record), Ordering::Relaxed);
    }
}

fn size_bytes(record: &Record) -> usize {
    match record {
        Record::Tensor(tensor) => tensor.values.len() * 4,
        Record::Predictions(batch) => {
            let names: usize = batch.classes.iter().map(|name| name.len() + size_of::<String>()).sum();
            (batch.labels.len() * 2 + batch.probabilities.len()) * 4 + names
        }
        Record::Note(note) => note.text.len() + 256,
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
        assert_eq!(queue.lost(), 7);
    }

    #[test]
    fn what_comes_after_the_end_is_counted() {
        let (queue, receiver) = Queue::new();
        queue.push(tensor(1));
        queue.settle(receiver); // the writer's last look was before that record
        queue.end();
        queue.push(tensor(1));
        assert_eq!((queue.lost(), queue.lost()), (2, 2));
    }

    #[test]
    fn bytes_are_bounded_and_given_back() {
        let (queue, receiver) = Queue::new();
        let half = QUEUE_BYTES / 8;
        queue.push(tensor(half));
        queue.push(tensor(half));
        queue.push(tensor(half));
        assert_eq!(queue.lost(), 1, "two halves fit, a third does not");
        queue.taken(&receiver.recv().unwrap());
        queue.push(tensor(half));
        assert_eq!(queue.lost(), 1, "there is room again");
    }
}
