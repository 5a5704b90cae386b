// Starts the page, and gives it a way to start workers. The module is compiled once for both. In a report that is
// one file, module and glue stand in the file itself; elsewhere they lie beside the page.
(() => {
  const unpacked = (element) => {
    const bytes = Uint8Array.from(atob(element.content.textContent), (c) => c.charCodeAt(0));
    return new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  };
  const load = async () => {
    // What is read without scripts is printed; on a screen the page takes its place.
    document.documentElement.classList.add("runs");
    const inside = document.getElementById("module");
    const headers = { "content-type": "application/wasm" };
    const answer = inside ? new Response(unpacked(inside), { headers }) : fetch("web_bg.wasm");
    const module = await WebAssembly.compileStreaming(answer);
    const glue = document.getElementById("glue")?.textContent
      ?? `importScripts(${JSON.stringify(new URL("web.js", document.baseURI).href)});`;
    // From a blob, a worker is bound by the page's policy, and it starts from disk too.
    const begin = "onmessage = ({ data }) => { wasm_bindgen.initSync({ module: data }); wasm_bindgen.work(); };";
    const source = URL.createObjectURL(new Blob([glue, "\n", begin], { type: "text/javascript" }));
    await wasm_bindgen({ module_or_path: module });
    wasm_bindgen.show(() => {
      const worker = new Worker(source);
      worker.postMessage(module);
      return worker;
    });
  };
  load().catch((error) => {
    const message = document.createElement("p");
    message.className = "loading";
    message.setAttribute("role", "alert");
    message.textContent = `The page cannot start in this browser: ${error}`;
    (document.getElementById("app") ?? document.body).prepend(message);
  });
})();
