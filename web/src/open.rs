//! Where files are read: from the disk, by picker or drop, and from beside the page. Whatever goes wrong
//! becomes a message; nothing here can end the page.

use std::rc::Rc;

use diff_core::Snapshot;
use gloo_file::futures::read_as_bytes;
use gloo_net::http::Request;
use web_sys::{File, FileList, Url, UrlSearchParams};
use yew::{Callback, UseReducerDispatcher};

use crate::state::{Action, Opened, Outcome, Refused, State, Target};

/// Beyond this a tab may run out of memory, which cannot be caught.
const MAX_BYTES: f64 = 400.0 * 1024.0 * 1024.0;

/// The pair that is bundled with the page.
const EXAMPLE: [&str; 2] = ["snapshots/production.json", "snapshots/models.json"];

/// Sends actions to the page.
pub(crate) type Dispatch = UseReducerDispatcher<State>;

/// Reads files that were picked or dropped: one, or two at once.
pub(crate) fn files(list: &FileList, target: Target, dispatch: Dispatch) {
    let files: Vec<File> = (0..list.length()).filter_map(|index| list.get(index)).collect();
    if files.is_empty() {
        return;
    }
    if files.len() > 2 {
        let count = files.len();
        dispatch.dispatch(Action::Notice(format!(
            "{count} files at once: a comparison takes two. None was opened."
        )));
        return;
    }
    dispatch.dispatch(Action::Reading(files.len()));
    wasm_bindgen_futures::spawn_local(async move {
        let mut outcomes = Vec::new();
        for file in files {
            outcomes.push(read(file).await);
        }
        dispatch.dispatch(Action::Read(outcomes, target));
    });
}

/// Opens the bundled pair.
pub(crate) fn example(dispatch: Dispatch) {
    addresses(EXAMPLE.map(str::to_owned), dispatch);
}

/// Opens what the page's address asks for: `?old=data/0.json&new=data/1.json`.
pub(crate) fn from_address(dispatch: Dispatch) {
    let search = web_sys::window().and_then(|window| window.location().search().ok()).unwrap_or_default();
    let Ok(asked) = UrlSearchParams::new_with_str(&search) else { return };
    match (asked.get("old"), asked.get("new")) {
        (Some(old), Some(new)) => addresses([old, new], dispatch),
        (None, None) => {}
        _ => dispatch.dispatch(Action::Notice(
            "The address names one snapshot only. It takes two: ?old=FILE&new=FILE.".to_owned(),
        )),
    }
}

fn addresses(paths: [String; 2], dispatch: Dispatch) {
    dispatch.dispatch(Action::Reading(2));
    wasm_bindgen_futures::spawn_local(async move {
        let mut outcomes = Vec::new();
        for path in paths {
            outcomes.push(fetch(path).await);
        }
        dispatch.dispatch(Action::Read(outcomes, Target::InOrder));
    });
}

async fn read(file: File) -> Outcome {
    let name = file.name();
    if file.size() > MAX_BYTES {
        let message = "it is larger than 400 MiB, which is more than the page can hold".to_owned();
        return Err(Refused { name, message });
    }
    match read_as_bytes(&file.into()).await {
        Ok(bytes) => parse(name, &bytes),
        Err(error) => Err(Refused { name, message: format!("it cannot be read: {error}") }),
    }
}

async fn fetch(path: String) -> Outcome {
    let refused = |message: String| Err(Refused { name: path.clone(), message });
    let Some(address) = beside_the_page(&path) else {
        return refused("only files beside the page can be opened by its address".to_owned());
    };
    let response = match Request::get(&address).send().await {
        Ok(response) if response.ok() => response,
        Ok(response) => return refused(format!("the server answered {} for it", response.status())),
        Err(_) => return refused("it cannot be fetched; is the page's server still running?".to_owned()),
    };
    match response.binary().await {
        Ok(bytes) => parse(path, &bytes),
        Err(error) => refused(format!("it cannot be fetched: {error}")),
    }
}

/// The whole address of a relative one; nothing that leads to another server.
fn beside_the_page(path: &str) -> Option<String> {
    let location = web_sys::window()?.location();
    let is_relative = !path.starts_with(['/', '\\']) && !path.contains(':');
    let address = Url::new_with_base(path, &location.href().ok()?).ok()?;
    (is_relative && address.origin() == location.origin().ok()?).then(|| address.href())
}

fn parse(name: String, bytes: &[u8]) -> Outcome {
    match Snapshot::from_json(bytes) {
        Ok(snapshot) => Ok(Rc::new(Opened { name, snapshot })),
        Err(error) => Err(Refused { name, message: error.to_string() }),
    }
}

/// Reads what a file input holds, and empties it, so that the same file can be picked again.
pub(crate) fn on_pick(dispatch: Dispatch, target: Target) -> Callback<yew::Event> {
    Callback::from(move |event: yew::Event| {
        use yew::TargetCast as _;
        let Some(input) = event.target_dyn_into::<web_sys::HtmlInputElement>() else { return };
        if let Some(list) = input.files() {
            files(&list, target, dispatch.clone());
        }
        input.set_value("");
    })
}
