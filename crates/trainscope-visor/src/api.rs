//! Bulk by opaque id: tensors as frames, evaluations as JSON.

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use trainscope_store::{ReadBlobError, Run};

use crate::state::Visor;

/// One tensor, as the frame that lies in the log.
pub(crate) async fn tensor(State(visor): State<Visor>, Path((run, id)): Path<(String, String)>) -> Response {
    answer(&visor, &run, |run| {
        run.tensor_frame(&id)
            .map(|frame| ([(header::CONTENT_TYPE, "application/octet-stream")], frame).into_response())
    })
}

/// One evaluation, counted from the predictions in the log.
pub(crate) async fn evaluation(
    State(visor): State<Visor>,
    Path((run, id)): Path<(String, String)>,
) -> Response {
    answer(&visor, &run, |run| run.evaluation(&id).map(|evaluation| axum::Json(evaluation).into_response()))
}

fn answer(visor: &Visor, run: &str, read: impl FnOnce(&Run) -> Result<Response, ReadBlobError>) -> Response {
    match visor.library().run(run).map(read) {
        Some(Ok(response)) => response,
        Some(Err(error @ ReadBlobError::UnknownId(_))) => {
            (StatusCode::NOT_FOUND, error.to_string()).into_response()
        }
        Some(Err(error)) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
        None => (StatusCode::NOT_FOUND, "there is no such run").into_response(),
    }
}
