//! Figures: charts as data, drawn by the visor in the browser and by `trainscope-plot` as SVG and PNG.
