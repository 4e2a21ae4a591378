#!/usr/bin/env python3
"""A caller pays in on a site that embeds the page, in Chromium (E14); then what must be refused is tried.

Needs a running installation with a page, and its operator's credentials; marketplace, provider and line it makes
itself. Prints `N passed, N failed`; exits with 1 if anything was not so.
"""

import argparse
import http.client
import http.server
import json
import os
import pathlib
import socket
import ssl
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "ClientPython"))

from checks import Checks
from gavel_client import Refused
from journey import POLICY, Journey

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


class Browser:
    """Chromium without a window, by the protocol of W3C WebDriver."""

    def __init__(self, folder):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.driver = subprocess.Popen(
            ["chromedriver", f"--port={self.port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.session = ""
        end = time.monotonic() + 60
        while True:
            try:
                if self.ask("GET", "/status")["ready"]:
                    break
            except OSError:
                pass
            if time.monotonic() > end:
                raise SystemExit("chromedriver does not start")
            time.sleep(0.1)
        arguments = [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
            f"--user-data-dir={folder}/chromium"]
        capabilities = {"acceptInsecureCerts": True, "goog:chromeOptions": {"args": arguments}}
        made = self.ask("POST", "/session", {"capabilities": {"alwaysMatch": capabilities}})
        self.session = f"/session/{made['sessionId']}"

    def ask(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", data, {"content-type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(error.read().decode()[:500]) from None

    def do(self, path, body=None):
        return self.ask("POST", self.session + path, body or {})

    def on(self, selector, act, patience=30):
        """What `act` does with the element, once it is there: a click in a frame does not wait for the next page, so
        the element may not be there yet, or be one of the page that is just leaving."""
        end = time.monotonic() + patience
        while True:
            try:
                found = self.do("/element", {"using": "css selector", "value": selector})
                return act(f"/element/{found[ELEMENT]}")
            except RuntimeError as error:
                passing = any(f'"{name}"' in str(error) for name in ["no such element", "stale element reference"])
                if not passing or time.monotonic() > end:
                    raise
            time.sleep(0.1)

    def text(self, selector):
        return self.on(selector, lambda element: self.ask("GET", f"{self.session}{element}/text"))

    def attribute(self, selector, name):
        return self.on(selector, lambda element: self.ask("GET", f"{self.session}{element}/attribute/{name}"))

    def style(self, selector, name):
        return self.on(selector, lambda element: self.ask("GET", f"{self.session}{element}/css/{name}"))

    def type(self, selector, text):
        def act(element):
            self.do(element + "/clear")
            self.do(element + "/value", {"text": text})
        self.on(selector, act)

    def click(self, selector):
        self.on(selector, lambda element: self.do(element + "/click"))

    def enter(self, selector):
        """Goes into a frame."""
        self.on(selector, lambda element: self.do("/frame", {"id": {ELEMENT: element.rsplit("/", 1)[1]}}))

    def until(self, selector, attribute, wanted, patience=30):
        end = time.monotonic() + patience
        while True:
            found = self.attribute(selector, attribute)
            if found == wanted or time.monotonic() > end:
                return found
            time.sleep(0.1)

    def close(self):
        try:
            if self.session:
                self.ask("DELETE", self.session)
        finally:
            self.driver.terminate()
            self.driver.wait(10)


class TopUp(Journey):
    def run(self):
        self.sign_in_operator()
        policy = dict(POLICY, mode="prepaidLine")
        self.operator.call(
            "PublishMarketplace",
            {"marketplace": self.arguments.marketplace, "name": "Beratung am Telefon", "policy": policy})
        self.provider = self.bring("provider", ["seller"])
        self.open_line()
        self.plain_requests()
        self.embed()
        browser = Browser(self.arguments.folder)
        try:
            self.pay_in(browser)
        finally:
            browser.close()
            self.site.shutdown()

    def open_line(self):
        def profile():
            return self.provider.call("SetBillingProfile", {
                "name": "Rat <b>& Tat</b>", "country": "DE", "callerList": 1,
                "topUps": [{"amount": 1_000, "bonus": 0}, {"amount": 2_000, "bonus": 100}],
                "lines": [{"number": "4990012345", "site": "rat.example", "target": "queue"}]})
        view = self.until("the line is open", profile, lambda view: view["profile"]["profile"] > 0)
        self.profile = view["profile"]["profile"]
        self.path = f"/top-up/{self.profile}"

    # By hand

    def request(self, method, path, body=None, headers=None):
        context = ssl.create_default_context(cafile=self.arguments.authority)
        context.check_hostname = False
        connection = http.client.HTTPSConnection(
            "127.0.0.1", self.arguments.page_port, timeout=20, context=context)
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, answer.headers, text

    def post(self, fields, path=None):
        return self.request(
            "POST", path or self.path, urllib.parse.urlencode(fields),
            {"content-type": "application/x-www-form-urlencoded"})

    def key(self):
        _, _, text = self.request("GET", self.path)
        return text.split('name="key" value="')[1].split('"')[0]

    def plain_requests(self):
        status, headers, text = self.request("GET", self.path)
        self.check("the form is there", status == 200 and 'name="number"' in text, text)
        self.check("other people's text is no markup", "Rat &lt;b&gt;&amp; Tat" in text and "<b>" not in text)
        self.check("in the marketplace's language", '<html lang="de">' in text)
        self.check("nothing runs on it", "default-src 'none'" in headers["content-security-policy"])
        self.check("it is kept nowhere", headers["cache-control"] == "no-store")
        self.check("HEAD has no body", self.request("HEAD", self.path)[2] == "")
        for path in ["/", "/top-up", "/top-up/0", "/top-up/x", "/top-up/99999999999999999999999",
                     f"{self.path}/nothing", f"{self.path}/{'0' * 32}", f"{self.path}/a/b", "/../etc/passwd",
                     f"{self.path}/%00"]:
            self.check(f"nothing at {path}", self.request("GET", path)[0] == 404, self.request("GET", path))
        self.check("no other method", self.request("DELETE", self.path)[0] == 405)
        self.check("a form is asked for", self.request("POST", self.path, "{}")[0] == 400)
        self.check("with its key", self.post({"number": "030 1234567", "amount": "1000"})[0] == 400)
        fields = {"number": "030 1234567", "amount": "1000", "method": "sandbox"}
        for name, change in [
                ("no number", {"number": "hello <script>"}), ("another amount", {"amount": "1001"}),
                ("no amount", {"amount": "a lot"}), ("another method", {"method": "gold"})]:
            status, _, text = self.post(fields | change | {"key": self.key()})
            self.check(f"{name} is refused", status == 422 and 'role="alert"' in text, (status, text))
            self.check(f"{name}: what was typed is no markup", "<script>" not in text)
        status, _, _ = self.request("POST", self.path, "x" * 5_000)
        self.check("a long body is refused", status == 413, status)
        try:
            with socket.create_connection(("127.0.0.1", self.arguments.page_port), 5) as plain:
                plain.settimeout(20)
                plain.sendall(b"GET / HTTP/1.1\r\n\r\n")
                self.check("nothing is said without TLS", b"HTTP" not in plain.recv(100))
        except OSError:
            self.check("nothing is said without TLS", True)

        fields["key"] = self.key()
        first = self.post(fields)
        again = self.post(fields)
        self.check("a form sent twice", first[0] == again[0] == 303, (first, again))
        self.check("pays once", first[1]["location"] == again[1]["location"], (first, again))
        other = self.post(fields | {"number": "030 7654321"})
        self.check("and never for another number", other[0] == 409, other)
        other_profile = first[1]["location"].replace(self.path, f"/top-up/{self.profile + 1}")
        self.check("a receipt is of one profile", self.request("GET", other_profile)[0] == 404)

    # On a site

    def embed(self):
        status, headers, self.snippet = self.request("GET", f"{self.path}/snippet")
        self.check("the snippet is handed out", status == 200 and "<iframe" in self.snippet, self.snippet)
        self.check("as text to copy", headers["content-type"].startswith("text/plain"))
        self.check("in a few lines", len(self.snippet.splitlines()) < 5)
        page = f"<!DOCTYPE html><title>rat.example</title><h1>Rat und Tat</h1>{self.snippet}".encode()

        class Site(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("content-type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(page)

            def log_message(self, *arguments):
                pass

        self.site = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
        threading.Thread(target=self.site.serve_forever, daemon=True).start()

    def pay_in(self, browser):
        number = f"0171 {int(self.mark, 16) % 10**7:07d}"
        browser.do("/url", {"url": f"http://127.0.0.1:{self.site.server_port}/"})
        self.check("the site is a site of its own", browser.text("h1") == "Rat und Tat")
        browser.enter("iframe")
        self.check("the page is within it", browser.text("h1") == "Rat <b>& Tat</b>: Guthaben aufladen")
        self.check("its style holds", "rgb(11, 87, 208)" in self.colour(browser))
        browser.type("#number", "abc")
        browser.click("button")
        self.check("a wrong number is told", "Rufnummer ist keine" in browser.text(".wrong"))
        self.check("and can be mended", browser.attribute("#number", "value") == "abc")
        browser.type("#number", number)
        browser.click("input[value='2000']")
        browser.click("button")
        state = browser.until("#state", "data-state", "settled")
        self.check("it is paid", state == "settled", state)
        told = browser.text("#state").replace("\u00a0", " ")
        self.check("amount and bonus are told", "20,00 €" in told and "1,00 €" in told, told)
        caller = self.until(
            "the caller is known", lambda: self.provider.call("FindCaller", {"number": "+49" + number[1:]}),
            lambda found: found["caller"] > 0)["caller"]
        funds = self.provider.call("GetCaller", {"profile": self.profile, "caller": caller})["funds"]
        self.check("and has the money", (funds["paid"]["minor"], funds["bonus"]["minor"]) == (2_000, 100), funds)
        browser.click("a")
        browser.type("#number", number)
        browser.do("/execute/sync", {
            "script": "document.querySelector('#method').value = 'sandboxDeclined'", "args": []})
        browser.click("button")
        state = browser.until("#state", "data-state", "declined")
        self.check("a declined payment is told", state == "declined", state)
        again = self.provider.call("GetCaller", {"profile": self.profile, "caller": caller})["funds"]
        self.check("and brings nothing", again == funds, again)
        leaked = [
            str(path) for path in pathlib.Path(self.arguments.folder, "data", "log").glob("*")
            if number.replace(" ", "")[1:] in path.read_text(errors="replace")]
        self.check("no log has the number", leaked == [], leaked)

    @staticmethod
    def colour(browser):
        return browser.style("button", "background-color").replace("rgba(11, 87, 208, 1)", "rgb(11, 87, 208)")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--page-port", type=int, required=True)
    parser.add_argument("--authority", required=True)
    parser.add_argument("--folder", required=True, help="holds the data folder, and the browser's profile")
    parser.add_argument("--operator-email", required=True)
    parser.add_argument("--operator-password", default=os.environ.get("GAVEL_PASSWORD"))
    parser.add_argument("--marketplace", type=int, default=1)
    parser.add_argument("--protocol", default=pathlib.Path(__file__).parents[2] / "protocol.md")
    journey = TopUp(parser.parse_args())
    journey.run()
    return journey.checks.finish()


if __name__ == "__main__":
    sys.exit(main())
