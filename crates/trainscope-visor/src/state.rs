//! The visor's state: the library of runs, a thread that follows it, and a signal that something changed.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tokio::sync::watch;
use trainscope_schema::WallTime;
use trainscope_store::{Library, OpenLibraryError, Survey};

const FOLLOW_EVERY: Duration = Duration::from_millis(10);
/// When no tab is open, nobody waits for a point.
const IDLE_EVERY: Duration = Duration::from_millis(200);
const SCAN_EVERY: Duration = Duration::from_secs(1);

/// What all connections share. Clones are the same visor.
#[derive(Clone)]
pub struct Visor {
    inner: Arc<Inner>,
}

struct Inner {
    library: Mutex<Library>,
    changed: watch::Sender<u64>,
}

impl Visor {
    /// Starts a thread that reads the runs below `root` and follows them; it ends with the last clone. Old runs may take
    /// a while to read: nobody waits for them, they appear one scan later.
    pub fn open(root: &Path) -> Result<Self, OpenLibraryError> {
        let library = Mutex::new(Library::watch(root)?);
        let inner = Arc::new(Inner { library, changed: watch::Sender::new(0) });
        let weak = Arc::downgrade(&inner);
        let thread = std::thread::Builder::new().name("trainscope-follow".to_owned());
        if thread.spawn(move || follow(&weak)).is_err() {
            // Without the thread the visor shows what is there now: better than no visor.
            lock(&inner).scan();
        }
        Ok(Self { inner })
    }

    /// The runs. The lock is held for a query, never across a wait.
    pub(crate) fn library(&self) -> MutexGuard<'_, Library> {
        lock(&self.inner)
    }

    /// Says when anything changed since it was last asked.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.inner.changed.subscribe()
    }
}

fn lock(inner: &Inner) -> MutexGuard<'_, Library> {
    inner.library.lock().unwrap_or_else(PoisonError::into_inner)
}

fn follow(visor: &Weak<Inner>) {
    let mut scanned: Option<Instant> = None;
    let mut states = Vec::new();
    while let Some(inner) = visor.upgrade() {
        let scan = scanned.is_none_or(|at| at.elapsed() >= SCAN_EVERY);
        let mut changed = false;
        // Listing folders and reading new runs takes as long as it takes: nobody waits for the lock meanwhile.
        let survey = scan.then(|| lock(&inner).survey()).map(Survey::look);
        {
            let mut library = lock(&inner);
            if let Some(survey) = survey {
                scanned = Some(Instant::now());
                changed |= library.adopt(survey);
            }
            changed |= library.follow(wall_now(), scan);
            if scan || changed {
                // A run that falls silent changes without a frame.
                let now: Vec<_> = library.runs().map(|(_, run)| run.state(wall_now())).collect();
                changed |= now != states;
                states = now;
            }
        }
        if changed {
            inner.changed.send_modify(|version| *version += 1);
        }
        let watched = inner.changed.receiver_count() > 0;
        drop(inner);
        std::thread::sleep(if watched { FOLLOW_EVERY } else { IDLE_EVERY });
    }
}

pub(crate) fn wall_now() -> WallTime {
    let secs = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64());
    WallTime::from_secs(secs).unwrap_or_default()
}
