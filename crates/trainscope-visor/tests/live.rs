//! The WebSocket from the outside: a real socket, a real client, a run that is being written.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::Path;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio_tungstenite::tungstenite::Message;
use trainscope_hook::{Run, RunOptions};
use trainscope_schema::{
    ChartBody, ChartQuery, ClientMessage, FrameKind, Num, RunDetails, RunState, SeriesRef, ServerMessage,
    decode_frame,
};
use trainscope_visor::{ServeOptions, serve_in_background};

type Socket = tokio_tungstenite::WebSocketStream<tokio_tungstenite::MaybeTlsStream<tokio::net::TcpStream>>;

struct Client(Socket);

impl Client {
    async fn open(runs: &Path) -> Self {
        let options = ServeOptions { port: Some(0), ..ServeOptions::new(runs) };
        let port = serve_in_background(&options).unwrap().access.address.port();
        let (socket, _) =
            tokio_tungstenite::connect_async(format!("ws://localhost:{port}/ws")).await.unwrap();
        Self(socket)
    }

    async fn say(&mut self, message: &ClientMessage) {
        self.0.send(Message::text(serde_json::to_string(message).unwrap())).await.unwrap();
    }

    async fn next(&mut self) -> Message {
        tokio::time::timeout(Duration::from_secs(20), self.0.next())
            .await
            .expect("an answer in 20 s")
            .unwrap()
            .unwrap()
    }

    /// The next message for which `wanted` gives something.
    async fn until<T>(&mut self, wanted: impl Fn(ServerMessage) -> Option<T>) -> T {
        loop {
            let Message::Text(text) = self.next().await else { continue };
            if let Some(found) = wanted(serde_json::from_str(&text).unwrap()) {
                return found;
            }
        }
    }

    async fn run_id(&mut self) -> String {
        self.until(|message| match message {
            ServerMessage::Runs { runs } => runs.first().map(|run| run.id.clone()),
            _ => None,
        })
        .await
    }

    async fn details(&mut self, wanted: impl Fn(&RunDetails) -> bool) -> RunDetails {
        self.until(|message| match message {
            ServerMessage::Run { run } if wanted(&run) => Some(*run),
            _ => None,
        })
        .await
    }

    /// Body and columns of the next chart answer.
    async fn chart(&mut self) -> (ChartBody, Vec<(String, Vec<f64>)>) {
        loop {
            let Message::Binary(bytes) = self.next().await else { continue };
            let frame = decode_frame(&bytes).unwrap();
            assert_eq!(frame.kind, FrameKind::Chart);
            let columns = frame.columns.iter().map(|column| {
                let numbers = column.u32s().map(|n| n.into_iter().map(f64::from).collect());
                (column.name.clone(), column.f64s().or(numbers).unwrap())
            });
            return (serde_json::from_value(frame.body.clone()).unwrap(), columns.collect());
        }
    }
}

fn start(runs: &Path) -> Run {
    RunOptions::new("digits").runs_dir(runs).config("learning_rate", 0.001).start().unwrap()
}

fn query(run: &str) -> ClientMessage {
    let series = vec![SeriesRef { run: run.to_owned(), name: "train/loss".to_owned() }];
    ClientMessage::Chart(ChartQuery { chart: 1, series, range: None, columns: 100 })
}

#[tokio::test]
async fn points_arrive_while_they_are_logged() {
    let runs = tempfile::tempdir().unwrap();
    let run = start(runs.path());
    let mut client = Client::open(runs.path()).await;
    let id = client.run_id().await;
    client.say(&query(&id)).await;
    let loss = run.scalar("train/loss");
    for step in 1..=3 {
        loss.log(step, step as f64);
        let (body, columns) = loop {
            let (body, columns) = client.chart().await;
            if body.series[0].points == step {
                break (body, columns);
            }
        };
        assert_eq!((body.first, body.last, body.stride), (Some(1), Some(step), 1));
        let last = &columns.iter().find(|(name, _)| name == "last.0").unwrap().1;
        assert_eq!(last.last(), Some(&(step as f64)));
    }
}

#[tokio::test]
async fn nan_arrives_as_such() {
    let runs = tempfile::tempdir().unwrap();
    let run = start(runs.path());
    let loss = run.scalar("train/loss");
    loss.log(1, 2.0);
    loss.log(2, f64::NAN);
    run.finish();
    let mut client = Client::open(runs.path()).await;
    let id = client.run_id().await;
    client.say(&query(&id)).await;
    let (body, columns) = client.chart().await;
    assert_eq!((body.series[0].points, body.series[0].nonfinite_in_range), (2, 1));
    assert_eq!(columns.iter().find(|(name, _)| name == "nonfinite.0").unwrap().1, [0.0, 1.0]);
    client.say(&ClientMessage::Watch { run: id }).await;
    let details = client.details(|run| run.points == 2).await;
    assert!(matches!(details.series[0].last, Num(value) if value.is_nan()));
}

#[tokio::test]
async fn a_watched_run_tells_its_end() {
    let runs = tempfile::tempdir().unwrap();
    let run = start(runs.path());
    let mut client = Client::open(runs.path()).await;
    let id = client.run_id().await;
    client.say(&ClientMessage::Watch { run: id }).await;
    let details = client.details(|_| true).await;
    assert_eq!(details.summary.state, RunState::Live);
    assert_eq!(details.config["learning_rate"], 0.001);
    run.finish();
    client.details(|run| run.summary.state == RunState::Finished).await;
}

#[tokio::test]
async fn runs_that_start_later_are_found() {
    let runs = tempfile::tempdir().unwrap();
    let mut client = Client::open(runs.path()).await;
    let _run = start(runs.path());
    client.run_id().await;
}

#[tokio::test]
async fn nonsense_is_refused_with_a_reason_and_the_connection_lives() {
    let runs = tempfile::tempdir().unwrap();
    let _run = start(runs.path());
    let mut client = Client::open(runs.path()).await;
    let refused = |message| match message {
        ServerMessage::Refused { reason } => Some(reason),
        _ => None,
    };
    client.0.send(Message::text("{\"type\":\"format_disk\"}")).await.unwrap();
    assert!(client.until(refused).await.contains("format_disk"));
    let series = vec![SeriesRef { run: "x".into(), name: "y".into() }; 101];
    client.say(&ClientMessage::Chart(ChartQuery { chart: 1, series, range: None, columns: 1 })).await;
    assert!(client.until(refused).await.contains("at most 100 series"));
    let id = "no such run".to_owned();
    client.say(&query(&id)).await;
    assert_eq!(client.chart().await.0.series[0].points, 0);
    let hostile = ChartQuery {
        chart: 2,
        series: vec![SeriesRef { run: id, name: "train/loss".into() }],
        range: Some((Num(f64::NAN), Num(f64::NEG_INFINITY))),
        columns: u32::MAX,
    };
    client.say(&ClientMessage::Chart(hostile)).await;
    assert_eq!(client.chart().await.0.chart, 2);
}
