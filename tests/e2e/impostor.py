"""Stands between the daemon and the CRM, and answers in the CRM's place where it is told to."""
import http.client
import http.server
import threading

NOT_HANDED_ON = ("host", "content-length", "connection", "transfer-encoding")


class Impostor:
    def __init__(self, port):
        self.crm = port
        self.lie = None
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def say(self, body, path="", status=200, content_type="application/json", missing=0):
        """From now on, to every request whose path holds `path`. `missing`: bytes that the header promises and that do not come."""
        self.lie = (path, status, content_type, body, missing)

    def step_aside(self):
        self.lie = None

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def _handler(outer):  # noqa: N805
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                lie = outer.lie
                try:
                    if lie and lie[0] in self.path:
                        self.reply(lie[1], [("Content-Type", lie[2])], lie[3], lie[4])
                    else:
                        self.hand_on(body)
                except OSError:
                    self.close_connection = True

            def reply(self, status, headers, body, missing=0):
                self.send_response(status)
                for name, value in headers:
                    if name.lower() not in NOT_HANDED_ON:
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(body) + missing))
                self.end_headers()
                self.wfile.write(body)
                self.close_connection = self.close_connection or missing > 0

            def hand_on(self, body):
                connection = http.client.HTTPConnection("127.0.0.1", outer.crm, timeout=60)
                try:
                    headers = {name: value for name, value in self.headers.items() if name.lower() not in NOT_HANDED_ON}
                    connection.request(self.command, self.path, body or None, headers)
                    answer = connection.getresponse()
                    self.reply(answer.status, answer.getheaders(), answer.read())
                finally:
                    connection.close()

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer

            def handle(self):
                try:
                    super().handle()
                except OSError:  # the daemon hangs up on what is too long
                    pass

            def log_message(self, *_):
                pass

        return Handler
