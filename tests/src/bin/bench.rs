//! Figures of the hook and the visor, one JSON line each; run by `cargo xtask bench`.
#![allow(clippy::print_stdout, reason = "printing is its work")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use tokio_tungstenite::tungstenite::Message;
use trainscope_hook::{Run, RunOptions, Scalar};
use trainscope_schema::{ChartBody, ChartQuery, ClientMessage, SeriesRef, decode_frame};
use trainscope_store::Library;
use trainscope_visor::{ServeOptions, serve_in_background};

fn main() -> anyhow::Result<()> {
    calibration();
    log_scalar()?;
    durable()?;
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(live_latency())
}

fn row(name: &str, value: f64, unit: &str) {
    println!("{}", serde_json::json!({ "name": name, "value": value, "unit": unit }));
}

fn best_of_5(mut work: impl FnMut()) -> f64 {
    let times = (0..5).map(|_| {
        let start = Instant::now();
        work();
        start.elapsed().as_secs_f64()
    });
    times.fold(f64::INFINITY, f64::min)
}

fn quantile(values: &mut [f64], q: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    values[((values.len() - 1) as f64 * q).round() as usize]
}

/// The machine's own speed in this very run, to read the other figures by.
fn calibration() {
    let len = 256 << 20;
    let (from, mut to) = (vec![1u8; len], vec![0u8; len]);
    let gb = len as f64 / 1e9;
    row(
        "calibration_copy_gb_s",
        gb / best_of_5(|| black_box(&mut to).copy_from_slice(black_box(&from))),
        "GB/s",
    );
    let crc = best_of_5(|| {
        black_box(crc32c::crc32c(black_box(&from)));
    });
    row("calibration_crc32c_gb_s", gb / crc, "GB/s");
    let mut pushes: Vec<f64> = (0..1000)
        .map(|_| {
            let mut records: Vec<[u64; 3]> = Vec::with_capacity(1000);
            let start = Instant::now();
            for i in 0..1000 {
                records.push(black_box([i, i, i]));
            }
            black_box(&records);
            start.elapsed().as_nanos() as f64 / 1000.0
        })
        .collect();
    row("calibration_push_ns", quantile(&mut pushes, 0.5), "ns");
}

fn start(runs: &std::path::Path) -> anyhow::Result<(Run, Vec<Scalar>)> {
    let run = RunOptions::new("bench").runs_dir(runs).start()?;
    let series = (0..10).map(|i| run.scalar(&format!("train/loss-{i}"))).collect();
    Ok((run, series))
}

const CALLS_PER_BATCH: u64 = 50;

/// Nanoseconds of a call, as the mean of each of `batches` small batches, with pauses so that no ring is full.
fn call_ns(series: &[Scalar], batches: u64) -> Vec<f64> {
    (0..batches)
        .map(|batch| {
            let start = Instant::now();
            for i in 0..CALLS_PER_BATCH {
                let step = batch * CALLS_PER_BATCH + i;
                series[(step % 10) as usize].log(black_box(step), black_box(step as f64));
            }
            let ns = start.elapsed().as_nanos() as f64 / CALLS_PER_BATCH as f64;
            if batch % 100 == 99 {
                std::thread::sleep(Duration::from_millis(5));
            }
            ns
        })
        .collect()
}

fn log_scalar() -> anyhow::Result<()> {
    let runs = tempfile::tempdir()?;
    let (run, series) = start(runs.path())?;
    row("log_scalar_ns_p50", quantile(&mut call_ns(&series, 20_000), 0.5), "ns");

    // Single calls, less the clock's own cost.
    let clock = quantile(&mut (0..10_000).map(|_| single_ns(|| ())).collect::<Vec<_>>(), 0.5);
    let mut single: Vec<f64> = (0..500_000u64)
        .map(|step| {
            if step % 5000 == 0 {
                std::thread::sleep(Duration::from_millis(1));
            }
            single_ns(|| series[(step % 10) as usize].log(step, 1.0)) - clock
        })
        .collect();
    row("log_scalar_ns_p999", quantile(&mut single, 0.999), "ns");

    let threads: Vec<_> = (0..8)
        .map(|_| {
            let series = series.clone();
            std::thread::spawn(move || call_ns(&series, 5_000))
        })
        .collect();
    let mut all: Vec<f64> =
        threads.into_iter().flat_map(|thread| thread.join().unwrap_or_default()).collect();
    row("log_scalar_8_threads_ns_p50", quantile(&mut all, 0.5), "ns");
    run.finish();
    anyhow::ensure!(run.losses().scalars == 0, "the bench lost points: {:?}", run.losses());
    Ok(())
}

fn single_ns(call: impl FnOnce()) -> f64 {
    let start = Instant::now();
    call();
    start.elapsed().as_nanos() as f64
}

/// Ten series of a million noisy, decaying losses: CPU and bytes of a point until it is in the file.
fn durable() -> anyhow::Result<()> {
    const STEPS: u64 = 1_000_000;
    let runs = tempfile::tempdir()?;
    let (run, series) = start(runs.path())?;
    let before = cpu_secs()?;
    let mut noise = 0x9E37_79B9_7F4A_7C15u64;
    for step in 0..STEPS {
        for loss in &series {
            noise ^= noise << 13;
            noise ^= noise >> 7;
            noise ^= noise << 17;
            let jitter = (noise >> 11) as f64 / (1u64 << 53) as f64;
            loss.log(step, 2.3 / (1.0 + step as f64 * 1e-4) * (0.9 + 0.2 * jitter));
        }
        // A ring holds 65,536 points: no faster than a writer on a busy machine sweeps.
        if step % 2000 == 0 {
            std::thread::sleep(Duration::from_millis(8));
        }
    }
    run.finish();
    let points = (STEPS * 10) as f64;
    row("durable_cpu_ns_per_scalar", (cpu_secs()? - before) * 1e9 / points, "ns");
    let len = std::fs::metadata(run.dir().join("rank-0.tsf"))?.len();
    row("log_bytes_per_scalar", len as f64 / points, "B");
    anyhow::ensure!(run.losses().scalars == 0, "the bench lost points: {:?}", run.losses());
    Ok(())
}

/// User and system time of this process, in Linux's hundredths of a second.
fn cpu_secs() -> anyhow::Result<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    Ok((fields[11].parse::<f64>()? + fields[12].parse::<f64>()?) / 100.0)
}

/// From the log call to the frame in a WebSocket client: hook, file, follower, socket.
async fn live_latency() -> anyhow::Result<()> {
    let runs = tempfile::tempdir()?;
    let (run, series) = start(runs.path())?;
    let listening = serve_in_background(&ServeOptions { port: Some(0), ..ServeOptions::new(runs.path()) })?;
    let address = format!("ws://localhost:{}/ws", listening.access.address.port());
    let (mut socket, _) = tokio_tungstenite::connect_async(address).await?;
    let library = Library::open(runs.path())?;
    let id = library.runs().next().map(|(id, _)| id.to_owned()).unwrap_or_default();
    let series_ref = SeriesRef { run: id, name: "train/loss-0".into() };
    let query = ChartQuery { chart: 1, series: vec![series_ref], range: None, columns: 800 };
    socket.send(Message::text(serde_json::to_string(&ClientMessage::Chart(query))?)).await?;

    let mut latencies = Vec::new();
    for step in 1..=200u64 {
        // Not in step with any of the polls.
        tokio::time::sleep(Duration::from_millis(20 + step * 7 % 31)).await;
        let logged = Instant::now();
        series[0].log(step, 1.0);
        while points(&mut socket).await? < step {}
        latencies.push(logged.elapsed().as_secs_f64() * 1e3);
    }
    row("live_latency_ms_p95", quantile(&mut latencies, 0.95), "ms");
    run.finish();
    Ok(())
}

type Socket = tokio_tungstenite::WebSocketStream<tokio_tungstenite::MaybeTlsStream<tokio::net::TcpStream>>;

/// Points that the next chart answer speaks of.
async fn points(socket: &mut Socket) -> anyhow::Result<u64> {
    loop {
        match socket.next().await {
            Some(Ok(Message::Binary(bytes))) => {
                let body: ChartBody = serde_json::from_value(decode_frame(&bytes)?.body)?;
                return Ok(body.series[0].points);
            }
            Some(message) => drop(message?),
            None => anyhow::bail!("the visor closed the connection"),
        }
    }
}
