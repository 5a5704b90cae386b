"""A stand-in for the comments of GitHub and GitLab: paths, pages, tokens and refusals as theirs."""

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

LISTS = (
    re.compile(r"/repos/shop/shop/issues/7/comments"),
    re.compile(r"/api/v4/projects/5/merge_requests/3/notes"),
)
ONES = {
    "PATCH": re.compile(r"/repos/shop/shop/issues/comments/(\d+)"),
    "PUT": re.compile(r"/api/v4/projects/5/merge_requests/3/notes/(\d+)"),
}


class Service:
    """Runs while it is entered. Tokens: `write`, and `read`, which may not write."""

    def __init__(self):
        self.comments = {}
        self.requests = []

    def add(self, body):
        self.comments[len(self.comments) + 1] = body

    def __enter__(self):
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                service.answer(self)

            do_POST = do_PATCH = do_PUT = do_GET

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def answer(self, request):
        address = urlsplit(request.path)
        length = int(request.headers.get("Content-Length") or 0)
        body = json.loads(request.rfile.read(length)) if length else None
        self.requests.append(f"{request.command} {request.path}")
        github = (request.headers.get("Authorization") or "").removeprefix("Bearer ")
        token = request.headers.get("PRIVATE-TOKEN") if address.path.startswith("/api/v4") else github
        if token not in ("read", "write"):
            return self.send(request, 401, {"message": "Bad credentials"})
        one = ONES.get(request.command)
        found = one and one.fullmatch(address.path)
        is_list = any(pattern.fullmatch(address.path) for pattern in LISTS)
        if not found and not (is_list and request.command in ("GET", "POST")):
            return self.send(request, 404, {"message": "Not Found"})
        if request.command == "GET":
            return self.page(request, address)
        if token == "read":
            return self.send(request, 403, {"message": "Resource not accessible by integration"})
        if len(body["body"]) > 65_536:
            return self.send(request, 422, {"message": "body is too long"})
        if found:
            self.comments[int(found.group(1))] = body["body"]
            return self.send(request, 200, {"id": int(found.group(1))})
        self.add(body["body"])
        return self.send(request, 201, {"id": len(self.comments)})

    def page(self, request, address):
        query = {name: int(values[0]) for name, values in parse_qs(address.query).items()}
        number, size = query.get("page", 1), min(query.get("per_page", 30), 100)
        every = [{"id": key, "body": body} for key, body in self.comments.items()]
        headers = {}
        if len(every) > number * size:
            following = f"{self.url}{address.path}?per_page={size}&page={number + 1}"
            headers["Link"] = f'<{following}>; rel="next", <{self.url}>; rel="last"'
        return self.send(request, 200, every[(number - 1) * size : number * size], headers)

    @staticmethod
    def send(request, status, body, headers=()):
        text = json.dumps(body).encode()
        request.send_response(status)
        for name, value in {**dict(headers), "Content-Length": str(len(text))}.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(text)
