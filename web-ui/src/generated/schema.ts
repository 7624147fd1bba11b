// Written by `cargo test -p trainscope-schema` with UPDATE=1 from crates/trainscope-schema. Do not edit.

export const PROTOCOL_VERSION = 1;

export type Num = number | "NaN" | "Infinity" | "-Infinity";

/**
 * Count of optimizer steps (batches) since the start of training; the first batch is step 1.
 */
export type Step = number;

/**
 * Count of passes over the training set; the first epoch is epoch 1.
 */
export type Epoch = number;

/**
 * Seconds since 1970-01-01 00:00 UTC; always finite.
 */
export type WallTime = number;

/**
 * What a point's index counts.
 */
export type SeriesIndex = "step" | "epoch";

/**
 * What a tensor shows.
 */
export type TensorRole = "input" | "activation";

/**
 * How much a note wants attention.
 */
export type NoteLevel = "info" | "warning";

/**
 * A sentence for the reader.
 */
export type Note = { 
/**
 * How much it wants attention.
 */
level: NoteLevel, 
/**
 * Step it belongs to.
 */
step: Step, 
/**
 * The sentence, plain text.
 */
text: string, };

/**
 * Where training is.
 */
export type Progress = { 
/**
 * Epoch now being trained, from 1.
 */
epoch: Epoch, 
/**
 * Epochs planned; 0 when unknown.
 */
epochs: number, 
/**
 * Steps done.
 */
step: Step, 
/**
 * Steps planned; 0 when unknown.
 */
steps: number, };

/**
 * One layer.
 */
export type LayerSummary = { 
/**
 * Unique name, such as `conv1`.
 */
name: string, 
/**
 * Kind and settings, such as `Conv2d 3×3, relu`.
 */
kind: string, 
/**
 * Shape of its output without the batch, such as `[16, 6, 6]`; empty when unknown.
 */
output_shape: Array<number>, 
/**
 * Count of trainable parameters.
 */
parameters: number, };

/**
 * The model's layers, in forward order.
 */
export type ModelSummary = { 
/**
 * The layers.
 */
layers: Array<LayerSummary>, };

/**
 * The writer's sign of life, with what it wrote and what it could not keep. All counts since the start of the run.
 */
export type Health = { 
/**
 * When, seconds since 1970.
 */
wall: WallTime, 
/**
 * Points written.
 */
scalars_written: number, 
/**
 * Points that could not be kept or written, whatever the cause.
 */
scalars_lost: number, 
/**
 * Other records (tensors, predictions, notes) that could not be kept or written, whatever the cause.
 */
records_lost: number, };

/**
 * A share with its 95 % Wilson score interval.
 */
export type Rate = { 
/**
 * The estimate, `hits / n`.
 */
value: number, 
/**
 * Lower end of the interval.
 */
low: number, 
/**
 * Upper end of the interval.
 */
high: number, 
/**
 * Hits.
 */
hits: number, 
/**
 * Trials.
 */
n: number, };

/**
 * Averages over the classes in which the figure is defined.
 */
export type Averages = { 
/**
 * Mean precision over classes that were predicted at least once.
 */
macro_precision: number | null, 
/**
 * Mean recall over classes present among the true labels: balanced accuracy.
 */
macro_recall: number | null, 
/**
 * Mean F1 over classes that are present or predicted.
 */
macro_f1: number | null, 
/**
 * Matthews correlation coefficient for K classes (R_K); `None` when its denominator is 0: only one class was
 * present, or only one predicted.
 */
mcc: number | null, };

/**
 * One class.
 */
export type ClassRow = { 
/**
 * The class's name.
 */
name: string, 
/**
 * Rows whose true class it is (support).
 */
support: number, 
/**
 * Rows predicted as it.
 */
predicted: number, 
/**
 * TP / (TP + FP); `None` when never predicted.
 */
precision: Rate | null, 
/**
 * TP / (TP + FN); `None` when absent.
 */
recall: Rate | null, 
/**
 * 2 TP / (2 TP + FP + FN); `None` when neither present nor predicted.
 */
f1: number | null, 
/**
 * Predicted count over true count; 1 is unbiased; `None` when absent.
 */
predicted_true_ratio: number | null, };

/**
 * Rows of one true class that were predicted as another.
 */
export type ConfusedPair = { 
/**
 * True class.
 */
truth: number, 
/**
 * Predicted class.
 */
predicted: number, 
/**
 * Count over the true class's support.
 */
rate: Rate, };

/**
 * One bin of confidence.
 */
export type CalibrationBin = { 
/**
 * Lower edge, excluded (but for the first bin).
 */
low: number, 
/**
 * Upper edge, included.
 */
high: number, 
/**
 * Mean confidence of its rows; `None` when empty.
 */
confidence: number | null, 
/**
 * Share predicted right; `None` when empty.
 */
accuracy: Rate | null, };

/**
 * Calibration of the confidence in the predicted class, in equal-width bins `(a, b]`; 0 falls in the first.
 */
export type Calibration = { 
/**
 * The bins, from confidence 0 to 1.
 */
bins: Array<CalibrationBin>, 
/**
 * Expected calibration error, l1: mean over rows of |accuracy - confidence| of their bin.
 */
ece: number, 
/**
 * Largest |accuracy - confidence| of a bin with rows.
 */
mce: number, 
/**
 * Mean confidence minus accuracy: positive is overconfident.
 */
overconfidence: number, };

/**
 * Everything about the predictions of one split after one epoch.
 */
export type Evaluation = { 
/**
 * `train`, `validation`, `test`, or a name of the user's.
 */
split: string, 
/**
 * Step after which the model predicted.
 */
step: Step, 
/**
 * Epoch after which the model predicted.
 */
epoch: Epoch, 
/**
 * Rows.
 */
n: number, 
/**
 * Class names; their count is K.
 */
classes: Array<string>, 
/**
 * Confusion matrix, K × K counts, row-major: rows are true classes, columns predicted ones.
 */
confusion: number[], 
/**
 * Share of rows predicted right.
 */
accuracy: Rate | null, 
/**
 * Mean of -ln p(true class), nats, p clipped to [2.2e-16, 1 - 2.2e-16]; `None` without probabilities.
 */
log_loss: number | null, 
/**
 * Averages over classes.
 */
averages: Averages, 
/**
 * One row per class, in class order.
 */
per_class: Array<ClassRow>, 
/**
 * The most confused pairs, largest count first, at most 10.
 */
confused: Array<ConfusedPair>, 
/**
 * Calibration of the top-class confidence; `None` without probabilities.
 */
calibration: Calibration | null, 
/**
 * Rows whose probabilities held NaN, ±Inf or values outside [0, 1] (by more than 1e-6: 32-bit rounding is
 * forgiven); they count in the confusion matrix, and neither in log-loss nor in calibration.
 */
bad_probability_rows: number, };

/**
 * A series of a run.
 */
export type SeriesRef = { 
/**
 * Id of the run.
 */
run: string, 
/**
 * Name of the series.
 */
name: string, };

/**
 * What a chart wants to draw.
 */
export type ChartQuery = { 
/**
 * Number that the tab gave the chart; comes back in the answer.
 */
chart: number, 
/**
 * The series, at most 100.
 */
series: Array<SeriesRef>, 
/**
 * First and last index (step or epoch) wanted; `None` is everything there is.
 */
range: [Num, Num] | null, 
/**
 * Pixel columns of the plot, 1 to 8192: no more grid columns are answered.
 */
columns: number, };

/**
 * A value that no other of its series beats, and where it was logged first.
 */
export type Extreme = { 
/**
 * Step or epoch.
 */
step: Step, 
/**
 * The value.
 */
value: Num, };

/**
 * A series in a chart's answer.
 */
export type ChartSeries = { 
/**
 * Id of the run.
 */
run: string, 
/**
 * Name of the series.
 */
name: string, 
/**
 * Points stored.
 */
points: number, 
/**
 * Points within the range.
 */
points_in_range: number, 
/**
 * NaN and ±Inf among the points within the range.
 */
nonfinite_in_range: number, 
/**
 * The lowest finite value of the whole series, whatever the range.
 */
lowest: Extreme | null, 
/**
 * The highest finite value of the whole series, whatever the range.
 */
highest: Extreme | null, };

/**
 * JSON body of a `Chart` frame. Its columns: `x` (f64: first index of each grid column), then for each series `i`
 * `first.i`, `min.i`, `max.i`, `last.i` (f64: over the finite values of the column, NaN when there are none),
 * `last_step.i` (f64: index at which `last.i` was logged, NaN when there is none), `count.i` and `nonfinite.i` (u32:
 * all points; NaN and ±Inf among them). All have the length of `x`.
 */
export type ChartBody = { 
/**
 * The chart's number.
 */
chart: number, 
/**
 * Indexes per grid column: 1 means that every raw point is there.
 */
stride: number, 
/**
 * First index of all series, whatever the range; `None` without points.
 */
first: number | null, 
/**
 * Last index of all series, whatever the range; `None` without points.
 */
last: number | null, 
/**
 * One entry per series of the query, in its order.
 */
series: Array<ChartSeries>, };

/**
 * From a tab to the visor.
 */
export type ClientMessage = { "type": "watch", 
/**
 * Id of the run.
 */
run: string, } | { "type": "chart" } & ChartQuery | { "type": "close_chart", 
/**
 * The chart's number.
 */
chart: number, };

/**
 * Whether a run is being written.
 */
export type RunState = "live" | "finished" | "failed" | "interrupted";

/**
 * A run in the list.
 */
export type RunSummary = { 
/**
 * Opaque id.
 */
id: string, 
/**
 * Name of its folder: unique among the runs shown.
 */
name: string, 
/**
 * Whether it is being written.
 */
state: RunState, 
/**
 * When it started; `None` while its first frame is not there yet.
 */
started: WallTime | null, 
/**
 * Last value of the series that best tells how the run does (validation accuracy, or a loss), with its name.
 */
headline: [string, Num] | null, };

/**
 * A series without its points.
 */
export type SeriesInfo = { 
/**
 * Name, such as `train/loss`.
 */
name: string, 
/**
 * What its index counts.
 */
index: SeriesIndex, 
/**
 * Points stored.
 */
points: number, 
/**
 * NaN and ±Inf among them.
 */
nonfinite: number, 
/**
 * Index of the last point.
 */
last_step: Step, 
/**
 * Value of the last point.
 */
last: Num, 
/**
 * About 40 values over the whole range (the last of each stretch), for a sparkline.
 */
sparkline: Array<Num>, };

/**
 * A tensor without its numbers.
 */
export type TensorInfo = { 
/**
 * Opaque id.
 */
id: string, 
/**
 * Layer name.
 */
name: string, 
/**
 * What it shows.
 */
role: TensorRole, 
/**
 * Position among the tensors of its snapshot.
 */
order: number, 
/**
 * `[channels, height, width]` or `[features]`.
 */
shape: Array<number>, 
/**
 * Step of the capture.
 */
step: Step, 
/**
 * Epoch of the capture.
 */
epoch: Epoch, 
/**
 * A word about it.
 */
caption: string | null, };

/**
 * An evaluation without its figures.
 */
export type EvaluationInfo = { 
/**
 * Opaque id.
 */
id: string, 
/**
 * Split of the data.
 */
split: string, 
/**
 * Epoch after which the model predicted.
 */
epoch: Epoch, 
/**
 * Step after which the model predicted.
 */
step: Step, 
/**
 * Rows.
 */
n: number, };

/**
 * A run, whole but for its bulk.
 */
export type RunDetails = { 
/**
 * The run as it stands in the list.
 */
summary: RunSummary, 
/**
 * The user's configuration.
 */
config: Record<string, unknown>, 
/**
 * Time from the start to the last sign of life, seconds.
 */
duration_secs: number | null, 
/**
 * Where training is.
 */
progress: Progress | null, 
/**
 * The series, by name.
 */
series: Array<SeriesInfo>, 
/**
 * The model's layers.
 */
model: ModelSummary | null, 
/**
 * The tensors, in the order they were captured; their numbers are fetched from `/api/runs/{run}/tensors/{id}`.
 */
tensors: Array<TensorInfo>, 
/**
 * The evaluations, in the order of their epochs; fetched from `/api/runs/{run}/evaluations/{id}`.
 */
evaluations: Array<EvaluationInfo>, 
/**
 * Notes of the writer.
 */
notes: Array<Note>, 
/**
 * What the writer wrote and could not keep.
 */
health: Health, 
/**
 * Stretches of the log that are damaged or gone, and whole records that cannot be read.
 */
damaged_stretches: number, 
/**
 * Bytes of the log that were skipped in them.
 */
damaged_bytes: number, 
/**
 * Frames that are missing in those stretches, by the sequence numbers of the frames around them.
 */
missing_frames: number, 
/**
 * Points in the log whose series is unknown, as when the frame that defines it is damaged.
 */
unreadable_points: number, 
/**
 * Points in the log.
 */
points: number, };

/**
 * From the visor to a tab.
 */
export type ServerMessage = { "type": "hello", 
/**
 * [`PROTOCOL_VERSION`] of the visor.
 */
protocol: number, 
/**
 * Version of the program.
 */
version: string, 
/**
 * The folder of runs that is served, to be read by people.
 */
folder: string, } | { "type": "runs", 
/**
 * The runs.
 */
runs: Array<RunSummary>, } | { "type": "run", 
/**
 * Its details.
 */
run: RunDetails, } | { "type": "refused", 
/**
 * A sentence, plain text.
 */
reason: string, };

