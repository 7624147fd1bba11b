//! Bulk by opaque id: tensors as frames, evaluations as JSON.

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use trainscope_store::ReadBlobError;

use crate::state::Visor;

/// One tensor, as the frame that lies in the log.
pub(crate) async fn tensor(State(visor): State<Visor>, Path((run, id)): Path<(String, String)>) -> Response {
    let tensor = visor.library().run(&run).map(|run| run.stored_tensor(&id));
    answer(tensor, |tensor| {
        let frame = tensor.frame()?;
        Ok(([(header::CONTENT_TYPE, "application/octet-stream")], frame).into_response())
    })
    .await
}

/// One evaluation, counted from the predictions in the log.
pub(crate) async fn evaluation(
    State(visor): State<Visor>,
    Path((run, id)): Path<(String, String)>,
) -> Response {
    let predictions = visor.library().run(&run).map(|run| run.stored_predictions(&id));
    answer(predictions, |predictions| Ok(axum::Json(predictions.evaluation()?).into_response())).await
}

/// Reads what was found on a thread of its own: seconds for many predictions, and nobody waits for it meanwhile.
async fn answer<T: Send + 'static>(
    found: Option<Result<T, ReadBlobError>>,
    read: impl FnOnce(T) -> Result<Response, ReadBlobError> + Send + 'static,
) -> Response {
    let read = match found {
        None => return (StatusCode::NOT_FOUND, "there is no such run").into_response(),
        Some(Err(error)) => Ok(Err(error)),
        Some(Ok(found)) => tokio::task::spawn_blocking(move || read(found)).await,
    };
    match read {
        Ok(Ok(response)) => response,
        Ok(Err(error @ ReadBlobError::UnknownId(_))) => {
            (StatusCode::NOT_FOUND, error.to_string()).into_response()
        }
        Ok(Err(error)) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}
