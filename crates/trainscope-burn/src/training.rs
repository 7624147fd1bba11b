//! The training loop: batches, epochs, callbacks.

use burn::module::Module;
use burn::nn::loss::{CrossEntropyLoss, CrossEntropyLossConfig};
use burn::optim::{GradientsParams, ModuleOptimizer};
use burn::tensor::{Device, Int, Tensor, TensorData};
use trainscope_schema::{Note, NoteLevel, Step, Tensor as TensorRecord};

use crate::callback::{BatchEnd, Control, EpochBegin, EpochEnd, TrainContext, TrainEnd, ValidationEnd};
use crate::dataset::Dataset;
use crate::fit::{Fit, FitError};
use crate::history::{EpochScores, History, SplitScores};
use crate::metric::Metric;
use crate::network::{Network, Signal};
use crate::optimizer::Optimizer;
use crate::plan::Plan;
use crate::predict::{self, PredictError, Scores};
use crate::probe::Probe;
use crate::random::Random;
use crate::sequential::{Built, Sequential};

/// Trains `model`; see [`Sequential::fit`].
pub(crate) fn train(model: &mut Sequential, train: &Dataset, fit: Fit<'_>) -> Result<History, FitError> {
    check_settings(&fit, train)?;
    match &model.built {
        Some(built) if built.plan.input != train.shape() => {
            let (built, found) = (built.plan.input.clone(), train.shape().to_vec());
            return Err(FitError::ShapeChanged { built, found });
        }
        Some(_) => {}
        None => model.build_with(train.shape(), model.seed.unwrap_or(fit.seed))?,
    }
    // The line above made sure of it.
    let Some(Built { plan, network }) = &mut model.built else { return Err(PredictError::NotBuilt.into()) };
    plan.check_classes(train.classes().len())?;
    let probe = Probe::new(&fit, plan, train)?;
    let device = model.device.clone();
    let mut training = Training::new(fit, plan, train, device, probe);
    let result = training.run(network);
    training.finish(result)
}

fn check_settings(fit: &Fit<'_>, train: &Dataset) -> Result<(), FitError> {
    if train.is_empty() {
        return Err(FitError::EmptyTrainingSet);
    }
    let bad = |setting, found: String, allowed| Err(FitError::Setting { setting, found, allowed });
    if fit.batch == 0 {
        return bad("the batch", "0".into(), "at least 1 row");
    }
    if !(fit.learning_rate.is_finite() && fit.learning_rate > 0.0) {
        return bad("the learning rate", fit.learning_rate.to_string(), "a finite number above 0");
    }
    if let Optimizer::Sgd { momentum } = fit.optimizer
        && !(0.0..1.0).contains(&momentum)
    {
        return bad("the momentum", momentum.to_string(), "at least 0 and below 1");
    }
    for name in fit.callbacks.iter().filter_map(|callback| callback.monitors()) {
        let metric: Metric = name.parse().map_err(|_| FitError::UnknownMetric { name: name.to_owned() })?;
        if metric.needs_validation() && fit.validation.is_none() {
            return Err(FitError::NoValidation { name: name.to_owned() });
        }
    }
    fit.validation.map_or(Ok(()), |set| check_validation_set(set, train))
}

fn check_validation_set(set: &Dataset, train: &Dataset) -> Result<(), FitError> {
    let differs =
        |what, expected: String, found: String| Err(FitError::ValidationSet { what, expected, found });
    if set.shape() != train.shape() {
        return differs("row shape", format!("{:?}", train.shape()), format!("{:?}", set.shape()));
    }
    if set.classes() != train.classes() {
        return differs("list of classes", format!("{:?}", train.classes()), format!("{:?}", set.classes()));
    }
    Ok(())
}

/// One call of `fit`.
struct Training<'t> {
    fit: Fit<'t>,
    plan: &'t Plan,
    train: &'t Dataset,
    /// Without autodiff.
    device: Device,
    loss: CrossEntropyLoss,
    optimizer: ModuleOptimizer,
    shuffling: Random,
    dropout: Random,
    probe: Option<Probe>,
    history: History,
    steps: u64,
    diverged: bool,
}

impl<'t> Training<'t> {
    fn new(fit: Fit<'t>, plan: &'t Plan, train: &'t Dataset, device: Device, probe: Option<Probe>) -> Self {
        Self {
            steps: u64::from(fit.epochs) * train.len().div_ceil(fit.batch) as u64,
            loss: CrossEntropyLossConfig::new().init(&device.clone().autodiff()),
            optimizer: fit.optimizer.init(),
            shuffling: Random::new(fit.seed, 2),
            dropout: Random::new(fit.seed, 3),
            history: History::default(),
            diverged: false,
            fit,
            plan,
            train,
            device,
            probe,
        }
    }

    fn run(&mut self, network: &mut Network) -> Result<(), PredictError> {
        self.begin();
        for epoch in 1..=self.fit.epochs {
            let begin =
                EpochBegin { epoch, epochs: self.fit.epochs, step: self.history.steps, steps: self.steps };
            self.fit.callbacks.iter_mut().for_each(|callback| callback.on_epoch_begin(&begin));
            let train = self.run_epoch(network, epoch)?;
            self.end_epoch(&network.valid(), epoch, train)?;
            if self.history.stopped.is_some() {
                break;
            }
        }
        Ok(())
    }

    fn begin(&mut self) {
        let model = self.plan.summary();
        let context = TrainContext {
            model: &model,
            epochs: self.fit.epochs,
            batch: self.fit.batch,
            steps: self.steps,
            train_rows: self.train.len(),
            validation_rows: self.fit.validation.map(Dataset::len),
            classes: self.train.classes(),
            learning_rate: self.fit.learning_rate,
            optimizer: self.fit.optimizer,
            seed: self.fit.seed,
        };
        self.fit.callbacks.iter_mut().for_each(|callback| callback.on_train_begin(&context));
        if self.fit.validation.is_some_and(Dataset::is_empty) {
            self.note("the validation set is empty: nothing is validated".to_owned());
        }
        let broken = self.train.count_not_finite();
        if broken > 0 {
            let all = self.train.features().len();
            self.note(format!("{broken} of {all} features of the training set are NaN or infinite"));
        }
    }

    /// All batches of one epoch; means weighted by rows.
    fn run_epoch(&mut self, network: &mut Network, epoch: u32) -> Result<SplitScores, PredictError> {
        let order = if self.fit.shuffle {
            self.shuffling.permutation(self.train.len())
        } else {
            (0..self.train.len()).collect()
        };
        let (mut loss, mut right, mut seen) = (0.0, 0, 0);
        for rows in order.chunks(self.fit.batch) {
            let labels: Vec<u32> = rows.iter().map(|row| self.train.labels()[*row]).collect();
            let (batch_loss, batch_right) = self.step(network, rows, &labels)?;
            self.history.steps += 1;
            loss += batch_loss * rows.len() as f64;
            right += batch_right;
            seen += rows.len();
            let batch = BatchEnd {
                epoch,
                epochs: self.fit.epochs,
                step: self.history.steps,
                steps: self.steps,
                rows: rows.len(),
                loss: batch_loss,
                accuracy: batch_right as f64 / rows.len() as f64,
            };
            self.end_batch(&batch);
            if self.history.stopped.is_some() {
                break;
            }
        }
        Ok(SplitScores { loss: loss / seen as f64, accuracy: right as f64 / seen as f64 })
    }

    /// Forward, backward, one step of the optimizer; the batch's loss and its rows predicted right.
    fn step(
        &mut self,
        network: &mut Network,
        rows: &[usize],
        labels: &[u32],
    ) -> Result<(f64, usize), PredictError> {
        let device = self.device.clone().autodiff();
        let input = Signal::new(self.train.gather(rows), self.plan.input.as_slice(), &device);
        let targets: Vec<i32> = labels.iter().map(|label| *label as i32).collect();
        let targets = Tensor::<1, Int>::from_data(TensorData::new(targets, [rows.len()]), &device);

        let logits = network.forward(self.plan, input, Some(&mut self.dropout), |_, _| {});
        let loss = self.loss.forward(logits.clone(), targets);
        // Loss and logits in one readback, asked for after the optimizer's work is queued: a GPU waits once a step.
        let read = Tensor::cat(vec![loss.clone().inner(), logits.inner().flatten(0, 1)], 0);
        let gradients = GradientsParams::from_grads(loss.backward(), network);
        *network = self.optimizer.step(self.fit.learning_rate, network.clone(), gradients);

        let read = read.try_into_vec_as::<f32>()?;
        let Some((loss, logits)) = read.split_first() else { return Ok((f64::NAN, 0)) };
        Ok((f64::from(*loss), predict::count_right(logits, labels, self.train.classes().len())))
    }

    fn end_batch(&mut self, batch: &BatchEnd) {
        if !batch.loss.is_finite() && !self.diverged {
            self.diverged = true;
            self.note(format!(
                "the loss became {} at step {}: try a smaller learning rate, and look for NaN in the data",
                batch.loss, batch.step
            ));
        }
        for callback in &mut self.fit.callbacks {
            let control = callback.on_batch_end(batch);
            stop(&mut self.history, control);
        }
    }

    /// Validation, probe, callbacks. `network` is in evaluation mode.
    fn end_epoch(&mut self, network: &Network, epoch: u32, train: SplitScores) -> Result<(), PredictError> {
        let set = self.fit.validation.filter(|set| !set.is_empty());
        let scores = set.map(|set| self.score(network, set)).transpose()?;
        let probe = match &self.probe {
            Some(probe) => probe.tensors(network, self.plan, &self.device, epoch, self.history.steps)?,
            None => Vec::new(),
        };
        let validation = scores.as_ref().map(|s| SplitScores { loss: s.loss, accuracy: s.accuracy });
        let ended = EpochScores { epoch, step: self.history.steps, train, validation };
        self.history.epochs.push(ended);
        self.call_epoch_end(ended, set.zip(scores.as_ref()), &probe);
        Ok(())
    }

    fn score(&self, network: &Network, set: &Dataset) -> Result<Scores, PredictError> {
        let logits = predict::logits(network, self.plan, set.features(), &self.device)?;
        Ok(predict::scores_from_logits(&logits, set))
    }

    fn call_epoch_end(
        &mut self,
        scores: EpochScores,
        validation: Option<(&Dataset, &Scores)>,
        probe: &[TensorRecord],
    ) {
        let validation = validation.map(|(set, scores)| ValidationEnd {
            labels: set.labels(),
            predicted: &scores.predicted,
            probabilities: &scores.probabilities,
            classes: set.classes(),
        });
        let end = EpochEnd { scores, epochs: self.fit.epochs, steps: self.steps, validation, probe };
        for callback in &mut self.fit.callbacks {
            let control = callback.on_epoch_end(&end);
            stop(&mut self.history, control);
        }
    }

    fn note(&mut self, text: String) {
        let note = Note { level: NoteLevel::Warning, step: Step(self.history.steps), text };
        self.fit.callbacks.iter_mut().for_each(|callback| callback.on_note(&note));
        self.history.notes.push(note);
    }

    /// Tells the callbacks that it is over, whichever way it went.
    fn finish(mut self, result: Result<(), PredictError>) -> Result<History, FitError> {
        let error = result.as_ref().err().map(ToString::to_string);
        let end = TrainEnd { history: &self.history, error: error.as_deref() };
        self.fit.callbacks.iter_mut().for_each(|callback| callback.on_train_end(&end));
        result?;
        Ok(self.history)
    }
}

/// The first reason counts.
fn stop(history: &mut History, control: Control) {
    if let Control::Stop { reason } = control {
        history.stopped.get_or_insert(reason);
    }
}
