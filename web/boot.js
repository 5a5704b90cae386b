// Starts the page, and gives it ways to start workers. In a report that is one file, module and glue stand in the file
// itself, and the module can do everything; elsewhere they lie beside the page, and what plans is a second module that
// is loaded when it is first needed.
(() => {
  const inside = document.getElementById("module");
  const beside = (name) => new URL(name, document.baseURI).href;

  const unpacked = (element) => {
    const bytes = Uint8Array.from(atob(element.content.textContent), (c) => c.charCodeAt(0));
    return new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  };

  // From a blob, a worker is bound by the page's policy, and it starts from disk too. What is sent to it before its
  // module is ready waits.
  const LISTEN = `
    const early = [];
    const begin = (module) => {
      onmessage = (event) => early.push(event);
      wasm_bindgen({ module_or_path: module }).then(() => {
        wasm_bindgen.work();
        for (const event of early) onmessage(event);
      });
    };`;
  const worker = (glue, begin) =>
    new Worker(URL.createObjectURL(new Blob([glue, LISTEN, begin], { type: "text/javascript" })));
  const script = (name) => `importScripts(${JSON.stringify(beside(name))});`;

  const load = async () => {
    // What is read without scripts is printed; on a screen the page takes its place.
    document.documentElement.classList.add("runs");
    const headers = { "content-type": "application/wasm" };
    const answer = inside ? new Response(unpacked(inside), { headers }) : fetch("web_bg.wasm");
    const module = await WebAssembly.compileStreaming(answer);
    await wasm_bindgen({ module_or_path: module });
    const glue = inside ? document.getElementById("glue").textContent : script("web.js");
    wasm_bindgen.show(
      () => {
        const started = worker(glue, "onmessage = ({ data }) => begin(data);");
        started.postMessage(module);
        return started;
      },
      () => worker(script("plans.js"), `begin(${JSON.stringify(beside("plans_bg.wasm"))});`),
    );
  };
  load().catch((error) => {
    const message = document.createElement("p");
    message.className = "loading";
    message.setAttribute("role", "alert");
    message.textContent = `The page cannot start in this browser: ${error}`;
    (document.getElementById("app") ?? document.body).prepend(message);
  });
})();
