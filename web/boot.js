// Starts the page. A file of its own, since the page's policy allows no script within the HTML.
import init from "./web.js";

init({ module_or_path: new URL("./web_bg.wasm", import.meta.url) }).catch((error) => {
  const message = document.createElement("p");
  message.className = "loading";
  message.setAttribute("role", "alert");
  message.textContent = `The page cannot start in this browser: ${error}`;
  document.getElementById("app")?.replaceChildren(message);
});
