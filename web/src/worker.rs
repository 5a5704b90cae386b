//! The worker: holds the snapshots, reads files piece by piece, answers questions.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Reflect, Uint8Array};
use viewer::Store;
use viewer::ask::FileId;
use viewer::report::Packed;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, DedicatedWorkerGlobalScope, MessageEvent, ReadableStream, ReadableStreamDefaultReader,
    ReadableWritablePair, Response,
};

use crate::wire::{self, Event, Request};

/// Beyond this a worker may run out of memory, which cannot be caught. Of packed files too: a small file may
/// unpack to anything.
const MAX_BYTES: usize = 400 * 1024 * 1024;
/// Bytes between two words about progress.
const STEP: usize = 1024 * 1024;

#[wasm_bindgen]
extern "C" {
    /// web-sys has it among what may change yet; every browser has had it since 2023.
    type DecompressionStream;

    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<DecompressionStream, JsValue>;

    /// Its counterpart.
    type CompressionStream;

    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<CompressionStream, JsValue>;
}

#[derive(Default)]
struct Worker {
    store: RefCell<Store>,
    cancelled: RefCell<Vec<FileId>>,
}

/// Listens for requests, from now on.
pub(crate) fn serve() {
    let worker = Rc::new(Worker::default());
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let (request, payload) = wire::received(&event);
        handle(&worker, request, payload);
    });
    scope().set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

fn send(event: &Event) {
    send_with(event, &JsValue::UNDEFINED);
}

fn send_with(event: &Event, payload: &JsValue) {
    // Fails only for values that cannot be copied; bytes and blobs can.
    let _ = scope().post_message(&wire::posted(event, payload));
}

fn handle(worker: &Rc<Worker>, request: Request, payload: JsValue) {
    match request {
        Request::Open(id, name) => read(worker, id, name, async move { of_blob(&payload.unchecked_into()) }),
        Request::Fetch(id, name, address) => read(worker, id, name, async move { fetched(&address).await }),
        Request::Large(ids, tables) => {
            for (id, (name, text)) in ids.into_iter().zip(viewer::large::pair(tables)) {
                let opened = worker.store.borrow_mut().open(id, name, text.as_bytes());
                send(&Event::Opened(id, opened));
            }
        }
        Request::Cancel(id) => {
            worker.cancelled.borrow_mut().push(id);
        }
        Request::Close(id) => worker.store.borrow_mut().close(id),
        Request::Ask(ask) => {
            let answer = worker.store.borrow_mut().answer(&ask);
            send(&Event::Answered(ask, answer));
        }
        Request::Export(id) => {
            // A file that was closed meanwhile is asked for by nobody any more.
            if let Ok((name, text)) = worker.store.borrow().file_text(id)
                && let Ok(content) = blob(text.as_bytes())
            {
                send_with(&Event::Exported(id, name), &content);
            }
        }
        Request::Report(ids, shell) => {
            let worker = Rc::clone(worker);
            wasm_bindgen_futures::spawn_local(async move {
                match report(&worker, &ids, &shell).await {
                    Ok(content) => send_with(&Event::Reported(Ok(())), &content),
                    Err(why) => send(&Event::Reported(Err(why))),
                }
            });
        }
    }
}

/// The page's one-file form with files in it.
async fn report(worker: &Worker, ids: &[FileId], shell: &str) -> Result<Blob, String> {
    let broken = |_: JsValue| "this browser cannot pack files with gzip".to_owned();
    let shell = fetched(shell).await?;
    let shell = read_all(worker, 0, shell.stream, None).await?;
    let mut packed = Vec::new();
    for id in ids {
        let (name, text) = worker.store.borrow().file_text(*id)?;
        let packer = CompressionStream::new("gzip").map_err(broken)?;
        let stream = blob(text.as_bytes()).map_err(broken)?.stream().pipe_through(&packer.unchecked_into());
        packed.push(Packed { name, bytes: read_all(worker, 0, stream, None).await? });
    }
    let text = worker.store.borrow().report(&String::from_utf8_lossy(&shell), ids, &packed)?;
    blob(text.as_bytes()).map_err(broken)
}

fn blob(bytes: &[u8]) -> Result<Blob, JsValue> {
    Blob::new_with_u8_array_sequence(&Array::of1(&Uint8Array::from(bytes)))
}

/// Bytes to come, and how many where that is known.
struct Source {
    stream: ReadableStream,
    total: Option<f64>,
}

fn read(
    worker: &Rc<Worker>,
    id: FileId,
    name: String,
    source: impl Future<Output = Result<Source, String>> + 'static,
) {
    let worker = Rc::clone(worker);
    wasm_bindgen_futures::spawn_local(async move {
        let opened = match source.await {
            Ok(source) => match bytes(&worker, id, source).await {
                Ok(bytes) => worker.store.borrow_mut().open(id, &name, &bytes),
                Err(error) => Err(error),
            },
            Err(error) => Err(error),
        };
        let is_cancelled = worker.cancelled.borrow().contains(&id);
        worker.cancelled.borrow_mut().retain(|cancelled| *cancelled != id);
        if is_cancelled {
            worker.store.borrow_mut().close(id);
        } else {
            send(&Event::Opened(id, opened));
        }
    });
}

fn of_blob(blob: &Blob) -> Result<Source, String> {
    Ok(Source { stream: blob.stream(), total: Some(blob.size()) })
}

async fn fetched(address: &str) -> Result<Source, String> {
    let gone =
        |_: JsValue| "it cannot be fetched; is its server running, and does it allow this page?".to_owned();
    let response: Response =
        JsFuture::from(scope().fetch_with_str(address)).await.map_err(gone)?.unchecked_into();
    if !response.ok() {
        return Err(format!("the server answered {} for it", response.status()));
    }
    let total =
        response.headers().get("content-length").ok().flatten().and_then(|text| text.parse::<u32>().ok());
    let total = total.map(f64::from);
    let stream = response.body().ok_or_else(|| "the server's answer is empty".to_owned())?;
    Ok(Source { stream, total })
}

/// All bytes, unpacked where they are packed with gzip. The page is told how far it has come.
async fn bytes(worker: &Worker, id: FileId, source: Source) -> Result<Vec<u8>, String> {
    let packed = read_all(worker, id, source.stream, source.total).await?;
    if !packed.starts_with(b"\x1f\x8b") {
        return Ok(packed);
    }
    let unpack = DecompressionStream::new("gzip").map_err(|_| damaged(""))?;
    let content = blob(&packed).map_err(|_| damaged(""))?;
    drop(packed);
    let pair: ReadableWritablePair = unpack.unchecked_into();
    let unpacked = content.stream().pipe_through(&pair);
    read_all(worker, id, unpacked, None).await
}

fn damaged(why: &str) -> String {
    format!("it is packed with gzip and cannot be unpacked{why}")
}

async fn read_all(
    worker: &Worker,
    id: FileId,
    stream: ReadableStream,
    total: Option<f64>,
) -> Result<Vec<u8>, String> {
    let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    let mut bytes: Vec<u8> = Vec::new();
    let mut told = 0;
    loop {
        let piece = JsFuture::from(reader.read()).await.map_err(|_| match total {
            Some(_) => "it cannot be read to its end; was it moved or changed?".to_owned(),
            None => damaged(": it is cut short or damaged"),
        })?;
        if worker.cancelled.borrow().contains(&id) {
            return Err("it was not read to its end".to_owned());
        }
        let Ok(value) = Reflect::get(&piece, &"value".into()) else { break };
        if value.is_undefined() {
            break;
        }
        let piece: Uint8Array = value.unchecked_into();
        let start = bytes.len();
        let end = start + usize::try_from(piece.length()).unwrap_or(0);
        if end > MAX_BYTES {
            // What is left of it nobody needs.
            let _ = reader.cancel();
            return Err("it is larger than 400 MiB, which is more than the page can hold".to_owned());
        }
        bytes.resize(end, 0);
        piece.copy_to(&mut bytes[start..]);
        if end - told >= STEP {
            told = end;
            #[expect(clippy::cast_precision_loss, reason = "at most 400 MiB")]
            send(&Event::Progress(id, end as f64, total));
        }
    }
    Ok(bytes)
}
