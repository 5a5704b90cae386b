//! Where files come from: picker, drop, paste, address, the page itself. All of them are read in the worker;
//! whatever goes wrong becomes a message.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Array, Uint8Array};
use viewer::ask::{Ask, FileId};
use wasm_bindgen::JsCast as _;
use web_sys::{Blob, FileList, HtmlTemplateElement, Url, UrlSearchParams};
use yew::{Callback, UseReducerDispatcher};

use crate::dom;
use crate::engine::{Engine, Start};
use crate::state::{Action, State, Target};

/// The pair that is bundled with the page.
const EXAMPLE: [&str; 2] = ["snapshots/production.json", "snapshots/models.json"];
/// Tables of the large example.
const LARGE: u32 = 5_000;

/// Sends actions to the page.
pub(crate) type Dispatch = UseReducerDispatcher<State>;

/// What components need to act: the state's dispatcher and the worker.
#[derive(Clone)]
pub(crate) struct Desk(Rc<Inner>);

struct Inner {
    dispatch: Dispatch,
    start: Start,
    engine: RefCell<Option<Engine>>,
    next: Cell<FileId>,
}

impl PartialEq for Desk {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Desk {
    pub(crate) fn new(dispatch: Dispatch, start: Start) -> Self {
        Self(Rc::new(Inner { dispatch, start, engine: RefCell::default(), next: Cell::new(1) }))
    }

    pub(crate) fn act(&self, action: Action) {
        self.0.dispatch.dispatch(action);
    }

    /// The worker; started when it is first needed, and again where it has failed.
    fn engine(&self) -> Option<Engine> {
        let mut engine = self.0.engine.borrow_mut();
        if engine.as_ref().is_none_or(Engine::is_over) {
            *engine = Engine::start(&self.0.start, &self.0.dispatch);
        }
        if engine.is_none() {
            self.act(Action::Notice("This browser does not let the page start a worker.".to_owned()));
        }
        engine.clone()
    }

    /// Asks what is not being asked already.
    pub(crate) fn ask(&self, wanted: &[Ask]) {
        if let Some(engine) = self.0.engine.borrow().as_ref() {
            engine.ask(wanted);
        }
    }

    fn number(&self) -> FileId {
        self.0.next.replace(self.0.next.get() + 1)
    }

    /// Reads contents that are at hand.
    fn read(&self, files: Vec<(String, Blob)>, target: Target) {
        let Some(engine) = self.engine() else { return };
        let numbered: Vec<_> = files.into_iter().map(|file| (self.number(), file)).collect();
        let names = numbered.iter().map(|(id, (name, _))| (*id, name.clone())).collect();
        self.act(Action::Reading(names, target));
        for (id, (name, content)) in numbered {
            engine.open(id, name, &content);
        }
    }

    /// Reads files that were picked or dropped.
    pub(crate) fn files(&self, list: &FileList, target: Target) {
        let files = (0..list.length()).filter_map(|index| list.get(index));
        let files: Vec<_> = files.map(|file| (file.name(), file.unchecked_into())).collect();
        if !files.is_empty() {
            self.read(files, target);
        }
    }

    /// Reads a text that was pasted.
    pub(crate) fn paste(&self, text: &str) {
        if let Ok(content) = Blob::new_with_str_sequence(&Array::of1(&text.into())) {
            self.read(vec![("pasted text".to_owned(), content)], Target::Anywhere);
        }
    }

    /// Opens the bundled pair.
    pub(crate) fn example(&self) {
        self.fetch(EXAMPLE.map(str::to_owned).to_vec());
    }

    /// Opens a pair of many tables, made up on the spot.
    pub(crate) fn large(&self) {
        let Some(engine) = self.engine() else { return };
        let ids = [self.number(), self.number()];
        let names = ["before.json", "after.json"].map(str::to_owned);
        self.act(Action::Reading(ids.into_iter().zip(names).collect(), Target::InOrder));
        engine.large(ids, LARGE);
    }

    /// Reads what stands at addresses, in their order.
    pub(crate) fn fetch(&self, addresses: Vec<String>) {
        let Some(engine) = self.engine() else { return };
        let numbered: Vec<_> = addresses.into_iter().map(|address| (self.number(), address)).collect();
        self.act(Action::Reading(numbered.clone(), Target::InOrder));
        for (id, name) in numbered {
            match whole(&name) {
                Some(address) => engine.fetch(id, name, address.href()),
                None => self.act(Action::Refused(id, "it is no address that a page can read".to_owned())),
            }
        }
    }

    /// Stops reading a file, or forgets one that is open.
    pub(crate) fn close(&self, id: FileId, is_reading: bool) {
        if let Some(engine) = self.0.engine.borrow().as_ref() {
            if is_reading {
                engine.cancel(id);
            } else {
                engine.close(id);
            }
        }
        self.act(Action::CloseFile(id));
    }

    /// Lets the browser save the page with these files in it, as one file.
    pub(crate) fn report(&self, ids: Vec<FileId>) {
        let shell = whole("report.html").map(|url| url.href());
        if let (Some(engine), Some(shell)) = (self.0.engine.borrow().as_ref(), shell) {
            engine.report(ids, shell);
        }
    }

    /// Forgets all files; the worker's memory goes with it.
    pub(crate) fn close_all(&self) {
        self.0.engine.take();
        self.act(Action::CloseAll);
    }

    /// Opens what the page carries within itself, else what its address asks for: `?url=a.json&url=b.json`.
    pub(crate) fn at_start(&self) {
        let carried = carried();
        if !carried.is_empty() {
            return self.read(carried, Target::InOrder);
        }
        let search = web_sys::window().and_then(|window| window.location().search().ok()).unwrap_or_default();
        let Ok(asked) = UrlSearchParams::new_with_str(&search) else { return };
        let asked: Vec<String> = asked.get_all("url").iter().filter_map(|it| it.as_string()).collect();
        if asked.is_empty() {
            return;
        }
        let is_foreign = |address: &String| whole(address).is_some_and(|url| host_of(&url) != own_host());
        if asked.iter().any(is_foreign) {
            self.act(Action::Consent(asked));
        } else {
            self.fetch(asked);
        }
    }
}

/// Whether the page is one file already: it has its module within.
pub(crate) fn is_one_file() -> bool {
    dom::by_id("module").is_some()
}

/// What the page carries: gzip in base64, within `template` elements. They are large, and removed when read.
fn carried() -> Vec<(String, Blob)> {
    let mut found = Vec::new();
    while let Some(element) = dom::by_id(&format!("data-{}", found.len())) {
        let name = element.get_attribute("data-name").unwrap_or_default();
        let text = element.dyn_ref::<HtmlTemplateElement>().and_then(|it| it.content().text_content());
        element.remove();
        let content = text.and_then(|text| web_sys::window()?.atob(&text).ok()).and_then(|binary| {
            let bytes: Vec<u8> = binary.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(0)).collect();
            Blob::new_with_u8_array_sequence(&Array::of1(&Uint8Array::from(bytes.as_slice()))).ok()
        });
        found.extend(content.map(|content| (name, content)));
    }
    found
}

/// The whole address of one that may be relative to the page; nothing but `http` and `https`.
fn whole(address: &str) -> Option<Url> {
    let base = web_sys::window()?.location().href().ok()?;
    let url = Url::new_with_base(&raw(address), &base).ok()?;
    matches!(url.protocol().as_str(), "http:" | "https:").then_some(url)
}

fn host_of(url: &Url) -> String {
    format!("{}//{}", url.protocol(), url.host())
}

fn own_host() -> String {
    let location = web_sys::window().map(|window| window.location());
    let part = |of: fn(&web_sys::Location) -> Result<String, wasm_bindgen::JsValue>| {
        location.as_ref().and_then(|location| of(location).ok()).unwrap_or_default()
    };
    format!("{}//{}", part(web_sys::Location::protocol), part(web_sys::Location::host))
}

/// The servers other than the page's own that addresses lead to, as people are asked about them.
pub(crate) fn foreign_hosts(addresses: &[String]) -> Vec<String> {
    let hosts = addresses.iter().filter_map(|address| Some(host_of(&whole(address)?)));
    let mut foreign: Vec<String> = hosts.filter(|host| *host != own_host()).collect();
    foreign.dedup();
    foreign
}

/// Pages of files on GitHub and GitLab lead to the files themselves.
fn raw(address: &str) -> String {
    if let Some(rest) = address.strip_prefix("https://github.com/")
        && let Some((project, file)) = rest.split_once("/blob/")
    {
        return format!("https://raw.githubusercontent.com/{project}/{file}");
    }
    match address.split_once("/-/blob/") {
        Some((project, file)) if project.starts_with("https://") => format!("{project}/-/raw/{file}"),
        _ => address.to_owned(),
    }
}

/// Reads what a file input holds, and empties it, so that the same file can be picked again.
pub(crate) fn on_pick(desk: Desk, target: Target) -> Callback<yew::Event> {
    Callback::from(move |event: yew::Event| {
        use yew::TargetCast as _;
        let Some(input) = event.target_dyn_into::<web_sys::HtmlInputElement>() else { return };
        if let Some(list) = input.files() {
            desk.files(&list, target);
        }
        input.set_value("");
    })
}

#[cfg(test)]
mod tests {
    use super::raw;

    #[test]
    fn pages_of_files_lead_to_the_files() {
        let rows = [
            (
                "https://github.com/a/b/blob/main/c/d.json",
                "https://raw.githubusercontent.com/a/b/main/c/d.json",
            ),
            ("https://gitlab.com/a/b/-/blob/main/d.json", "https://gitlab.com/a/b/-/raw/main/d.json"),
            ("https://github.com/a/b", "https://github.com/a/b"),
            ("snapshots/a.json", "snapshots/a.json"),
        ];
        for (given, expected) in rows {
            assert_eq!(raw(given), expected);
        }
    }
}
