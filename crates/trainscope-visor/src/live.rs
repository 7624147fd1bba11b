//! The WebSocket of a tab: what it asked for, sent again whenever it changed.
//!
//! # Slow tabs
//! A connection holds no queue. It waits for a change, answers from the newest state, and waits for the tab to take the
//! answer: a slow tab gets fewer answers, never older ones, and nobody else waits for it.

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use axum::extract::State;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use tokio::time::Instant;
use trainscope_schema::{ChartQuery, ClientMessage, PROTOCOL_VERSION, ServerMessage};
use trainscope_store::{Library, MAX_CHART_SERIES, answer_chart};

use crate::state::{Visor, wall_now};

/// Charts are answered at most 30 times a second.
const CHART_TICK: Duration = Duration::from_millis(33);
/// Texts (runs, details) at most 10 times a second.
const TEXT_TICK: Duration = Duration::from_millis(100);
/// Of the time, texts of ten thousand series would take all; they get at most a fifth of it.
const TEXT_REST: u32 = 4;
const MAX_CHARTS: usize = 500;
const MAX_MESSAGE_BYTES: usize = 1 << 20;

pub(crate) async fn upgrade(State(visor): State<Visor>, upgrade: WebSocketUpgrade) -> Response {
    upgrade.max_message_size(MAX_MESSAGE_BYTES).on_upgrade(move |socket| async move {
        // A tab that is gone is no error.
        let _ = Tab::new(visor).serve(socket).await;
    })
}

/// What a tab asked for and was last told.
struct Tab {
    visor: Visor,
    watched: Option<String>,
    charts: BTreeMap<u32, Chart>,
    /// Texts as they were last sent. They are compared as texts: NaN is never equal to itself.
    runs_told: String,
    run_told: String,
    /// When texts may be made again.
    texts_due: Instant,
    /// Whether something changed since they were made last, when they were not due.
    texts_held: bool,
}

struct Chart {
    query: ChartQuery,
    /// Versions of the query's runs at the last answer; `None` before the first.
    told: Option<Vec<u64>>,
}

impl Tab {
    fn new(visor: Visor) -> Self {
        Self {
            visor,
            watched: None,
            charts: BTreeMap::new(),
            runs_told: String::new(),
            run_told: String::new(),
            texts_due: Instant::now(),
            texts_held: false,
        }
    }

    async fn serve(mut self, mut socket: WebSocket) -> Result<(), axum::Error> {
        let mut changes = self.visor.changes();
        let version = env!("CARGO_PKG_VERSION").to_owned();
        let folder = self.visor.library().root().display().to_string();
        send(&mut socket, &ServerMessage::Hello { protocol: PROTOCOL_VERSION, version, folder }).await?;
        loop {
            for text in self.texts() {
                socket.send(Message::Text(text.into())).await?;
            }
            // One at a time: the next is made only when the tab has taken this one, from what is newest then.
            for chart in self.charts.keys().copied().collect::<Vec<_>>() {
                if let Some(frame) = self.chart(chart) {
                    socket.send(Message::Binary(frame.into())).await?;
                }
            }
            let answered = Instant::now();
            tokio::select! {
                message = socket.recv() => match message {
                    None | Some(Ok(Message::Close(_))) => return Ok(()),
                    Some(Ok(Message::Text(text))) => if let Some(reason) = self.hear(&text) {
                        send(&mut socket, &ServerMessage::Refused { reason }).await?;
                    },
                    Some(Ok(_)) => {}
                    Some(Err(error)) => return Err(error),
                },
                changed = async {
                    tokio::time::sleep_until(answered + CHART_TICK).await;
                    // Texts that were held back are looked at again without a further change.
                    if self.texts_held { return Ok(()); }
                    changes.changed().await
                } => if changed.is_err() { return Ok(()) },
            }
        }
    }

    /// Takes a message of the tab; a reason when it is refused.
    fn hear(&mut self, text: &str) -> Option<String> {
        match serde_json::from_str(text) {
            Ok(ClientMessage::Watch { run }) => {
                self.watched = Some(run);
                self.run_told.clear();
                self.texts_due = Instant::now();
            }
            Ok(ClientMessage::Chart(query)) if query.series.len() > MAX_CHART_SERIES => {
                return Some(format!(
                    "a chart has at most {MAX_CHART_SERIES} series, this one {}",
                    query.series.len()
                ));
            }
            Ok(ClientMessage::Chart(query)) => {
                if self.charts.len() >= MAX_CHARTS && !self.charts.contains_key(&query.chart) {
                    return Some(format!("a tab has at most {MAX_CHARTS} charts at a time: close some"));
                }
                self.charts.insert(query.chart, Chart { query, told: None });
            }
            Ok(ClientMessage::CloseChart { chart }) => {
                self.charts.remove(&chart);
            }
            Err(error) => return Some(format!("that message is not understood: {error}")),
        }
        None
    }

    /// The texts that changed since they were last told, when they are due.
    fn texts(&mut self) -> Vec<String> {
        let now = Instant::now();
        self.texts_held = now < self.texts_due;
        if self.texts_held {
            return Vec::new();
        }
        let visor = self.visor.clone();
        let texts = self.text_updates(&visor.library());
        self.texts_due = now + TEXT_TICK.max(now.elapsed() * TEXT_REST);
        texts
    }

    /// The answer of a chart, when it changed since it was last told.
    fn chart(&mut self, chart: u32) -> Option<Vec<u8>> {
        let chart = self.charts.get_mut(&chart)?;
        let library = self.visor.library();
        let versions = versions(&chart.query, &library);
        if chart.told.as_ref() == Some(&versions) {
            return None;
        }
        chart.told = Some(versions);
        // A frame that cannot be encoded is too long, which the limits on series and columns rule out.
        answer_chart(&chart.query, |id| library.run(id)).ok()
    }

    fn text_updates(&mut self, library: &Library) -> Vec<String> {
        let now = wall_now();
        let runs = json(&ServerMessage::Runs { runs: library.summaries(now) });
        let watched = self.watched.as_deref().and_then(|id| Some(library.run(id)?.details(id, now)));
        let run = watched.map(|run| json(&ServerMessage::Run { run: Box::new(run) }));
        let told = [(Some(runs), &mut self.runs_told), (run, &mut self.run_told)];
        told.into_iter().filter_map(|(text, told)| changed(text?, told)).collect()
    }
}

/// The text, unless it was told already.
fn changed(text: String, told: &mut String) -> Option<String> {
    (*told != text).then(|| {
        told.clone_from(&text);
        text
    })
}

/// Versions of the runs that a query speaks of, each run once; 0 for unknown ones.
fn versions(query: &ChartQuery, library: &Library) -> Vec<u64> {
    let mut seen = HashSet::new();
    let ids = query.series.iter().map(|series| series.run.as_str()).filter(|id| seen.insert(*id));
    ids.map(|id| library.run(id).map_or(0, |run| run.version() + 1)).collect()
}

fn json(message: &ServerMessage) -> String {
    // Messages are plain data with string keys: they always have a JSON form.
    serde_json::to_string(message).unwrap_or_default()
}

async fn send(socket: &mut WebSocket, message: &ServerMessage) -> Result<(), axum::Error> {
    socket.send(Message::Text(json(message).into())).await
}
