// The page: connect, then draw.
import { render } from "preact";
import "uplot/dist/uPlot.min.css";
import "./styles/base.css";
import "./styles/frame.css";
import "./styles/cards.css";
import "./styles/narrow.css";
import { startSession } from "./session";
import { App } from "./ui/app";

startSession();
render(<App />, document.getElementById("root")!);
