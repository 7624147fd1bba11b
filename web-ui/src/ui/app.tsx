// The frame of the page: header, runs, the chosen tab, status bar, shortcuts.
import { useEffect } from "preact/hooks";
import { details, folder, isWatchedGone, link, runs, show, view } from "../session";
import { Curves } from "./curves";
import { Empty } from "./empty";
import { Evaluate } from "./evaluate";
import { Footer } from "./footer";
import { Header } from "./header";
import { listenToKeys } from "./keys";
import { Layers } from "./layers";
import { Shortcuts } from "./shortcuts";
import { Sidebar } from "./sidebar";

/** The whole page. */
export function App() {
  useEffect(listenToKeys, []);
  const run = details.value;
  const tab = view.value.tab;
  const page = (
    <div id={tab === "runs" ? undefined : "panel"} role="tabpanel" aria-labelledby={`tab-${tab}`}>
      {run ? <Page key={run.summary.id} /> : <Nothing />}
    </div>
  );
  useEffect(() => {
    document.title = run ? `${run.summary.name} – Trainscope` : "Trainscope";
  }, [run?.summary.name]);
  return (
    <div class="app" data-testid="app" data-tab={tab}>
      <Header />
      <Sidebar isPage={tab === "runs"} />
      {tab === "runs" ? <div class="page">{page}</div> : <main class="page">{page}</main>}
      <Footer />
      <Shortcuts />
    </div>
  );
}

function Page() {
  const run = details.value;
  if (!run) return <Nothing />;
  switch (view.value.tab) {
    case "layers":
      return <Layers run={run} />;
    case "evaluate":
      return <Evaluate run={run} />;
    default:
      return <Curves run={run} />;
  }
}

function Nothing() {
  if (runs.value === null) {
    return link.value === "lost" ? (
      <Empty title="The visor does not answer">Is it still running? This page tries again by itself.</Empty>
    ) : (
      <Empty title="Waiting for the visor" />
    );
  }
  if (runs.value.length === 0) {
    return (
      <Empty title={folder.value ? `No runs in ${folder.value} yet` : "No runs yet"}>
        Add the callback to <code>fit</code>, or open a run in your own loop, and start training: the run
        appears here by itself. Nothing to reload.
      </Empty>
    );
  }
  if (isWatchedGone.value) {
    return (
      <Empty title="This run is not here">
        The visor does not have it{folder.value && <> in {folder.value}</>}: it was removed, renamed, or is in
        another folder.{" "}
        <button type="button" class="button" onClick={() => show({ run: null, epoch: null })}>
          Show the newest run
        </button>
      </Empty>
    );
  }
  return <Empty title="Reading the run" />;
}
