"""A wire to the CRM that can be pulled out."""
import select
import socket
import threading


class Relay:
    def __init__(self, port):
        self.target = port
        self.listener = None
        self.port = 0
        self.connections = set()
        self.lock = threading.Lock()
        self.up()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def up(self):
        self.listener = socket.create_server(("127.0.0.1", self.port), backlog=64)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(self.listener,), daemon=True).start()

    def down(self):
        """New connections are refused, those that are open end."""
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        with self.lock:
            for connection in self.connections:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass

    def _accept(self, listener):
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(near,), daemon=True).start()

    def _carry(self, near):
        with near, socket.create_connection(("127.0.0.1", self.target)) as far:
            with self.lock:
                self.connections |= {near, far}
            try:
                while True:
                    for readable in select.select([near, far], [], [])[0]:
                        data = readable.recv(65536)
                        if not data:
                            return
                        (far if readable is near else near).sendall(data)
            except OSError:
                pass
            finally:
                with self.lock:
                    self.connections -= {near, far}
