#!/usr/bin/env python3
"""A seller lists a lead, a buyer bids and reads its inbox; then everything that must be refused is tried.

Needs a running installation and its operator's credentials; the rest (a marketplace, a seller with a payout
account, a buyer with money) it makes itself. On a settable clock the lead is also won, paid and revealed.
Prints `N passed, N failed`; exits with 1 if anything was not as protocol.md says.
"""

import argparse
import os
import pathlib
import struct
import sys
import time

from checks import Checks
from gavel_client import ACTING, COMPRESSED, KEY, PREFIX, Closed, Connection, Protocol, Refused, frame

HOUR, DAY = 3_600_000_000, 86_400_000_000
PASSWORD = "correct horse battery"
LONGEST_BEFORE_SIGN_IN, LONGEST = 16 << 10, 1 << 20


def euro(cents):
    return {"minor": cents, "currency": "EUR"}


POLICY = {
    "mode": "leadAuction", "currency": "EUR", "language": "german", "inquiryAge": 30 * DAY,
    "durations": [2 * DAY, 3 * DAY], "secondRound": DAY, "bidding": "open",
    "increments": [{"from": 0, "step": 100}], "leastPrice": 100, "greatestPrice": 100_000_000,
    "payment": "holdOnBid", "paymentDeadline": 2 * DAY, "offerDeadline": DAY, "strikesToSuspension": 3,
    "buyerFee": 500, "commission": 1500, "vat": 1900, "holdPeriod": 7 * DAY, "objectionWindow": 7 * DAY,
    "statementDeadline": 3 * DAY, "silence": "upholds", "unreachableAttempts": 3, "attemptSpacing": 4 * HOUR,
    "reviewInterval": 30 * DAY, "duplicateWindow": 90 * DAY, "workingWeek": 63, "zoneMinutes": 60,
    "summerTime": True, "holidays": "germany", "invoiceRetention": 3_650 * DAY, "applicationFee": 3_000, "meetingHorizon": 90 * DAY,
    "meetingLength": HOUR // 2, "reminderAfter": DAY, "decisionWindow": 2 * DAY,
    "meeting": {
        "appointmentDays": 7, "appointmentReminders": 3, "payoutDays": 3, "reportReminder": 5 * DAY,
        "reportDeadline": 10 * DAY, "unreportedDeadline": 30 * DAY, "ratingWindow": 14 * DAY, "relistDiscount": 1000,
        "cancellationDeadline": 10 * DAY},
    "callMinimum": HOUR // 60, "callStep": HOUR // 12, "callSilence": HOUR // 6, "callWarning": HOUR // 30,
    "preliminary": {
        "perMinute": 4_800, "attemptFee": 0, "firstIncrement": 60, "nextIncrement": 60, "longestCall": 2 * HOUR,
        "lease": DAY, "rest": 7 * DAY, "creditsCalls": False, "fishing": "callEnded", "fishingStrikes": 3},
    "lineFees": {"monthly": 900, "share": 300}}


class Journey:
    def __init__(self, arguments):
        self.arguments = arguments
        self.protocol = Protocol(arguments.protocol)
        self.checks = Checks()
        self.check = self.checks.check
        self.mark = os.urandom(4).hex()

    def run(self):
        self.sign_in_operator()
        self.open_marketplace()
        self.bring_parties()
        self.list_lead()
        self.bid()
        self.read_inbox()
        self.refused_bids()
        self.refused_listings()
        self.refused_keys()
        self.foreign_things()
        self.refused_tokens()
        self.before_sign_in()
        self.broken_frames()
        if self.clock_is_settable():
            self.win()
        self.end_sign_in()
        self.guess_passwords()

    # Help

    def connect(self, greet=True):
        connection = Connection(
            self.protocol, self.arguments.host, self.arguments.port, self.arguments.authority)
        if greet:
            connection.hello("journey.py")
        return connection

    def sign_in(self, email, password, marketplace):
        connection = self.connect()
        connection.signed_in = connection.call(
            "SignIn", {"marketplace": marketplace, "email": email, "password": password})
        connection.party = connection.signed_in["party"]
        return connection

    def refused(self, name, reason, connection, message, values=None, key=None):
        """Checks that a request is refused for this reason, and that the connection lives on."""
        try:
            answer = connection.call(message, values, key)
            self.check(name, False, f"answered {answer}")
        except Refused as refusal:
            self.check(name, refusal.reason in reason.split(), refusal)
        except Closed as closed:
            self.check(name, False, f"closed: {closed}")

    def closes(self, name, reason, data, connection=None):
        """Checks that these bytes are refused for this reason, and that the connection is closed after it."""
        connection = connection or self.connect()
        try:
            connection.send(data)
            _, code, correlation, body = connection.receive()
            values = self.protocol.decode(self.protocol.names[code], body)
            self.check(name, values.get("reason") == reason, values)
            connection.receive()
            self.check(f"{name}, and closed", False, "it goes on")
        except Closed:
            self.check(f"{name}, and closed", True)
        except OSError as error:
            self.check(f"{name}, and closed", False, repr(error))
        connection.close()

    def until(self, name, ask, holds, patience=10):
        """Asks until it is so: what one service decided, the others learn a moment later."""
        end = time.monotonic() + patience
        found = None
        while time.monotonic() < end:
            try:
                found = ask()
                if holds(found):
                    self.check(name, True)
                    return found
            except Refused as refusal:
                found = refusal
            time.sleep(0.02)
        self.check(name, False, found)
        raise SystemExit(self.checks.finish())

    # The trade

    def sign_in_operator(self):
        self.operator = self.sign_in(self.arguments.operator_email, self.arguments.operator_password, 0)
        self.check("the operator signed in", self.operator.signed_in["roles"] == ["operator"])
        status = self.operator.call("GetStatus")["services"]
        ready = [one["service"] for one in status if one["ready"]]
        self.check("all processes are ready", len(ready) == 6, status)

    def open_marketplace(self):
        view = self.operator.call(
            "PublishMarketplace",
            {"marketplace": self.arguments.marketplace, "name": "Handwerk", "policy": POLICY})
        self.check("the marketplace is published with its policy", view["policy"] == POLICY, view)
        seen = self.connect().call("GetMarketplace", {"marketplace": self.arguments.marketplace})
        self.check("anyone reads it", seen == view, seen)

    def bring_parties(self):
        self.seller = self.bring("seller", ["seller"])
        self.buyer = self.bring("buyer", ["buyer"])
        self.stranger = self.bring("stranger", ["seller", "buyer"])
        self.until(
            "the payout account is linked",
            lambda: self.seller.call("LinkPayoutAccount", {"providerReference": f"acct-{self.mark}"}),
            lambda account: account["state"] in ("pending", "verified"))
        self.until(
            "and verified", lambda: self.seller.call("GetPayoutAccount"),
            lambda account: account["state"] == "verified")
        self.payment = self.fund(self.buyer)
        self.fund(self.stranger)

    def fund(self, party):
        payment = self.until(
            "money is paid in", lambda: party.call("TopUp", {"amount": euro(100_000), "method": "sandbox"}),
            lambda started: started["payment"] > 0)["payment"]
        balance = self.until(
            "and arrives", lambda: party.call("GetBalance"), lambda found: found["posted"] == euro(100_000))
        self.check("all of it is free", balance["available"] == euro(100_000), balance)
        return payment

    def bring(self, name, roles):
        email = f"{name}-{self.mark}@example.org"
        registered = self.connect().call("RegisterParty", {
            "marketplace": self.arguments.marketplace, "email": email, "name": f"{name} GmbH",
            "password": PASSWORD, "roles": roles, "language": "german"})
        view = self.operator.call("VerifyParty", {"party": registered["party"], "vouchesForEmail": True})
        self.check(f"the {name} is verified", view["state"] == "verified", view)
        connection = self.sign_in(email, PASSWORD, self.arguments.marketplace)
        self.check(f"the {name} is signed in", connection.signed_in["roles"] == roles)
        connection.email = email
        return connection

    def list_lead(self):
        latest = self.seller.call("Subscribe")["latest"]
        self.check("a subscription names the newest item", isinstance(latest, int))
        self.guide = self.seller.call("GuideSetup", {"projectType": "photovoltaics"})
        self.check("the guide has questions", self.guide["questions"], self.guide)
        self.check("and the policy's durations", self.guide["durations"] == POLICY["durations"], self.guide)
        sealed = self.seller.call("SealContact", {
            "name": "Erika Mustermann", "phones": [f"+49 30 {int(self.mark, 16) % 10**7:07d}"],
            "email": f"erika-{self.mark}@example.org", "country": "DE", "inquiredAt": self.now() - DAY})
        self.contact = sealed["contact"]
        self.lead = {
            "contact": self.contact, "projectType": "photovoltaics", "title": "Solaranlage auf Satteldach",
            "description": "Rund 10 kWp mit Speicher.", "region": "Berlin", "budget": euro(1_500_000),
            "answers": [
                {"question": question["key"], "answer": "ja"} for question in self.guide["questions"]],
            "timeFrame": "bis Sommer", "temperature": "warm", "inquiredAt": self.now() - DAY,
            "startPrice": euro(2_000), "duration": 2 * DAY}
        published = self.until(
            "the lead is on offer", lambda: self.seller.call("PublishListing", self.lead),
            lambda answer: answer["listing"] > 0)
        self.listing, self.ends_at = published["listing"], published["endsAt"]
        name, pushed = self.seller.next_push()
        self.check(
            "the seller is told at once",
            name == "InboxPushed" and pushed["item"]["item"] > latest, (name, pushed))
        page = self.buyer.call("SearchListings", {"text": "Solaranlage", "limit": 10})
        found = [entry for entry in page["listings"] if entry["listing"] == self.listing]
        self.check("the buyer finds it", len(found) == 1 and found[0]["price"] == euro(2_000), page)
        detail = self.buyer.call("GetListing", {"listing": self.listing})
        self.check("and reads it", detail["title"] == self.lead["title"] and not detail["own"], detail)
        self.check("and not the contact (A5)", "Mustermann" not in str(detail) and "+49" not in str(detail))

    def bid(self):
        first = {"listing": self.listing, "amount": euro(2_500)}
        self.bid_key = self.buyer.key()
        placed = self.buyer.call("PlaceBid", first, self.bid_key)
        self.check("the bid leads (A9)", placed["leading"] and placed["price"] == euro(2_500), placed)
        again = self.buyer.call("PlaceBid", first, self.bid_key)
        self.check("sent again it is the same bid (F2)", again == placed, again)
        balance = self.buyer.call("GetBalance")
        cost = balance["held"]["minor"]
        self.check(
            "price, fee and VAT are held (A9)",
            cost == 3_124 and balance["available"] == euro(100_000 - cost), balance)
        asked = [self.buyer.start(name, values) for name, values in (
            ("Ping", {"payload": b"1"}), ("GetDashboard", {}), ("BidHistory", {"listing": self.listing}),
            ("Ping", {"payload": b"2"}))]
        answers = [self.buyer.finish(correlation) for correlation in reversed(asked)]
        self.check("pipelined requests get their own answers", [
            name for name, _ in answers] == ["Pong", "BidHistoryPage", "Dashboard", "Pong"], answers)
        self.check("the same payload comes back", answers[0][1]["payload"] == b"2")
        dashboard = answers[2][1]
        self.check("the dashboard counts the trade", dashboard["running"] == 1, dashboard)
        self.check("and is whole", not dashboard["missing"], dashboard)

    def read_inbox(self):
        """Another buyer bids more; the first one reads of it, and bids again."""
        outbid = self.stranger.call("PlaceBid", {"listing": self.listing, "amount": euro(3_000)})
        self.check("another buyer outbids it", outbid["leading"], outbid)
        page = self.until(
            "the buyer's inbox tells that it was outbid",
            lambda: self.buyer.call("ReadInbox", {"after": 0, "limit": 100}),
            lambda found: any(item["event"] == "bidOutbid" for item in found["items"]))
        item = next(item for item in page["items"] if item["event"] == "bidOutbid")
        self.check("by the listing's number", item["listing"] == self.listing, item)
        self.check("and in words", item["title"] and item["text"], item)
        unread = self.buyer.call("GetUnreadCount")["unread"]
        self.buyer.call("MarkRead", {"items": [item["item"]]})
        self.check("what is read counts no more", self.buyer.call("GetUnreadCount")["unread"] == unread - 1)
        self.item = item["item"]
        self.until(
            "what was held for it is free again", lambda: self.buyer.call("GetBalance"),
            lambda found: found["available"] == euro(100_000))
        self.placed = self.buyer.call("PlaceBid", {"listing": self.listing, "amount": euro(3_500)})
        self.check("the buyer bids again and leads", self.placed["leading"], self.placed)

    def win(self):
        """The clock walks past the end: the winner pays, and reads the contact."""
        self.operator.call("SetClock", {"now": self.ends_at})
        page = self.until(
            "the lead is won and paid",
            lambda: self.buyer.call("ListTrades", {"section": "won", "limit": 10}),
            lambda found: found["trades"] and found["trades"][0]["orderStage"] == "revealed")
        order = page["trades"][0]["order"]
        contact = self.buyer.call("ReadContact", {"order": order})
        self.check("the buyer reads the contact (A12)", contact["name"] == "Erika Mustermann", contact)
        details = self.until(
            "the order is seen from all services",
            lambda: self.buyer.call("GetOrderDetails", {"order": order}),
            lambda found: not found["missing"] and len(found["invoices"]) == 1)
        summary = details["invoices"][0]
        self.check("it is invoiced with fee and VAT (A15)", summary["total"] == euro(4_373), summary)
        invoice = self.buyer.call("GetInvoice", {"invoice": summary["invoice"], "format": "text"})
        self.check("the invoice is a text", invoice["mediaType"].startswith("text/plain"), invoice)
        self.check("and names its number", summary["number"] in invoice["content"], invoice)
        self.refused("F9 another's order is absent", "notFound", self.stranger, "GetOrder", {"order": order})
        self.refused("F9 nor its contact", "notFound", self.stranger, "ReadContact", {"order": order})
        self.refused("F9 nor its conversation", "notFound", self.stranger, "ReadConversation", {
            "order": order, "limit": 10})
        self.refused("F9 nor its details", "notFound", self.stranger, "GetOrderDetails", {"order": order})

    # What must be refused

    def refused_bids(self):
        def bid(name, reason, amount, listing=None, connection=None):
            self.refused(name, reason, connection or self.buyer, "PlaceBid", {
                "listing": listing or self.listing, "amount": amount})

        bid("a bid of nothing", "amountOutOfRange", euro(0))
        bid("a bid below nothing", "amountOutOfRange", euro(-100))
        bid("a bid as large as a number can be", "amountOutOfRange insufficientFunds", euro(2**63 - 1))
        bid("a bid above the balance", "insufficientFunds", euro(99_000_00))
        bid("a bid in dollars", "wrongCurrency", {"minor": 9_000, "currency": "USD"})
        bid("a bid too low (A9)", "bidTooLow", euro(3_501), connection=self.stranger)
        bid("a bid for what does not exist", "notFound", euro(9_000), listing=2**63)
        bid("a seller's bid", "forbidden", euro(9_000), connection=self.seller)
        self.refused("the leader withdraws (A10)", "highestBidderBound", self.buyer, "WithdrawBid", {
            "bid": self.placed["bid"]})

    def refused_listings(self):
        def listing(name, reason, **changes):
            self.refused(name, reason, self.seller, "PublishListing", {**self.lead, **changes})

        listing("a telephone number in the text", "contactDataInText", description="Ruf an: 0151 23456789")
        listing("one in words", "contactDataInText",
                description="null eins fünf eins zwei drei vier fünf sechs sieben acht neun")
        listing("an address with at and dot", "contactDataInText", description="max at example dot org")
        listing("a control character", "invalidText", title="Dach\x1b[31m")
        listing("a text above its limit", "invalidText", title="x" * 121)
        listing("an inquiry too old (A1)", "inquiryTooOld", inquiredAt=self.now() - 40 * DAY)
        listing("a duration that is not offered (A6)", "durationNotOffered", duration=DAY)
        listing("a known refusal (A4)", "refusalKnown", refusalKnown=True)
        listing("a free lead", "amountOutOfRange", startPrice=euro(0))
        listing("another's contact", "notFound", contact=2**62)
        self.refused("sealed text from a client", "invalidValue", self.seller, "SealContact", {
            "name": {"key": 1, "bytes": b"plain"}, "phones": ["+49 30 1234567"], "country": "DE"})
        body = self.protocol.encode("PlaceBid", {"listing": self.listing, "amount": euro(9_000)})
        for name, changed in (
                ("a body cut short", body[:-1]), ("a byte too many", body + b"\x00"), ("no body", b"")):
            self.answered_raw(name, "malformed", self.protocol.codes["PlaceBid"], changed)

    def answered_raw(self, name, reason, code, body, key=True):
        """Sends a body that the codec would not write; the connection has to live on."""
        self.buyer.correlation += 1
        self.buyer.send(
            frame(code, body, self.buyer.correlation, key=self.buyer.key() if key else None))
        try:
            answer = self.buyer.finish(self.buyer.correlation)
            self.check(name, False, answer)
        except Refused as refusal:
            self.check(name, refusal.reason == reason, refusal)
        self.buyer.call("Ping")

    def refused_keys(self):
        other = {"listing": self.listing, "amount": euro(4_000)}
        self.refused(
            "the same key with another body", "keyReused", self.buyer, "PlaceBid", other, self.bid_key)
        body = self.protocol.encode("PlaceBid", other)
        self.answered_raw("no key", "keyMissing", self.protocol.codes["PlaceBid"], body, key=False)
        old = struct.pack(">QQ", self.now() - 60 * DAY, 1)
        self.refused("a key too old", "keyExpired", self.buyer, "PlaceBid", other, old)
        early = struct.pack(">QQ", self.now() + 3 * DAY, 1)
        self.refused("a key from the future", "invalidValue", self.buyer, "PlaceBid", other, early)
        key = self.stranger.key()
        first = {"items": []}
        self.buyer.call("MarkRead", first, key)
        self.stranger.call("MarkRead", first, key)
        self.check("a key belongs to its party (F2)", True)
        self.answered_raw("an unknown message", "unknownMessage", 0x01FF, b"")
        self.answered_raw("a message of services", "unknownMessage", self.protocol.codes["PlaceHold"], b"")
        self.answered_raw("an answer as a request", "unknownMessage", self.protocol.codes["BidPlaced"], b"")

    def foreign_things(self):
        seller, stranger = self.seller.party, self.stranger
        self.refused("F9 another party", "notFound", stranger, "GetParty", {"party": seller})
        self.refused("F9 another's balance", "notFound", stranger, "GetBalance", {"party": seller})
        self.refused("F9 another's statement", "notFound", stranger, "GetStatement", {
            "party": seller, "to": 2**61, "limit": 10})
        self.refused("F9 another's payment", "notFound", stranger, "GetPayment", {"payment": self.payment})
        self.refused("F9 another's item", "notFound", stranger, "MarkRead", {"items": [self.item]})
        self.refused("F9 another's bid", "notFound", stranger, "WithdrawBid", {"bid": self.placed["bid"]})
        self.refused("F9 another's listing", "notFound forbidden", stranger, "DeleteListing", {
            "listing": self.listing})
        self.refused("F9 an order that is not there", "notFound", stranger, "GetOrder", {"order": 2**62})
        self.refused("F9 another's contact", "notFound", stranger, "MakeProspectLink", {
            "contact": self.contact, "purpose": "objection"})
        self.refused("an operator's command", "forbidden", stranger, "SuspendParty", {
            "party": seller, "reason": "no"})
        self.refused("an operator's query", "forbidden", stranger, "GetLedgerReport")

    def refused_tokens(self):
        token = self.buyer.signed_in["accessToken"]
        other = self.connect()
        bound = other.call("Authenticate", {"accessToken": token})
        self.check("a token binds another connection", bound["party"] == self.buyer.party, bound)
        self.check("which acts for the party", other.call("GetParty")["party"] == self.buyer.party)
        flipped = "1" if token[0] != "1" else "2"
        for name, forged in (
                ("a changed token", flipped + token[1:]), ("a cut token", token[:-2]), ("no token", ""),
                ("another's token's signature", token.split(".")[0] + "."
                 + self.stranger.signed_in["accessToken"].split(".")[1]),
                ("noise for a token", "zz.zz")):
            self.refused(name, "tokenInvalid", self.connect(), "Authenticate", {"accessToken": forged})
        for name, email in (
                ("a wrong password", self.buyer.email), ("an unknown address", "nobody@example.org")):
            self.refused(name, "credentialsWrong", self.connect(), "SignIn", {
                "marketplace": self.arguments.marketplace, "email": email, "password": "wrong horse"})
        self.refused("a token in an objection's place", "tokenInvalid", self.connect(), "ProspectObjects", {
            "token": "01.02"})

    def before_sign_in(self):
        connection = self.connect()
        for message, values in (
                ("GetBalance", {}), ("PlaceBid", {"listing": self.listing, "amount": euro(9_000)}),
                ("GetStatus", {}), ("SearchListings", {"limit": 10})):
            self.refused(f"{message} before sign-in", "notSignedIn", connection, message, values)
        self.check("a ping before sign-in", connection.call("Ping", {"payload": b"x"})["payload"] == b"x")
        for message in ("Ping", "SignIn", "GetBalance"):
            code = self.protocol.codes[message]
            body = self.protocol.encode(message, {})
            connection = self.connect(greet=False)
            self.closes(f"{message} before Hello", "malformed", frame(code, body, 1), connection)

    def broken_frames(self):
        ping = self.protocol.codes["Ping"]
        body = self.protocol.encode("Ping", {})
        self.closes("an unknown version", "malformed", frame(ping, body, 5, version=9))
        self.closes("unknown flags", "malformed", frame(ping, body, 5, flags=0x40))
        block = b"\x01\x00\x00\x00\x10a"
        self.closes("a compressed body, not agreed", "malformed", frame(ping, block, 5, flags=COMPRESSED))
        self.closes("acting for another", "malformed", frame(ping, bytes(21) + body, 5, flags=ACTING))
        self.closes("a key that is cut off", "malformed", frame(ping, bytes(15), 5, flags=KEY))
        self.closes("a frame too short for its header", "malformed", PREFIX.pack(15) + bytes(15))
        self.closes("a frame of nothing", "malformed", PREFIX.pack(0))
        self.closes("an oversized frame before sign-in", "tooLarge", PREFIX.pack(LONGEST_BEFORE_SIGN_IN + 1))
        self.closes("the greatest length", "tooLarge", b"\xff\xff\xff\xff")
        signed_in = self.sign_in(self.buyer.email, PASSWORD, self.arguments.marketplace)
        signed_in.send(frame(ping, struct.pack("<I", 1024) + bytes(1024), 6))
        self.check("a long ping after sign-in", len(signed_in.receive()[3]) == 1028)
        self.closes("an oversized frame after sign-in", "tooLarge", PREFIX.pack(LONGEST + 1), signed_in)
        for end in (1, 3, 4, 10, 19):
            connection = self.connect()
            connection.send(frame(ping, body, 7)[:end])
            connection.close()
        noise = self.connect(greet=False)
        noise.send(b"GET / HTTP/1.1\r\nHost: example.org\r\n\r\n")
        try:
            noise.receive()
            noise.receive()
            self.check("another protocol is closed", False)
        except Closed:
            self.check("another protocol is closed", True)
        self.check("the house lives on", self.buyer.call("Ping", {"payload": b"!"})["payload"] == b"!")

    def end_sign_in(self):
        email = self.buyer.email
        connection = self.sign_in(email, PASSWORD, self.arguments.marketplace)
        refresh = connection.signed_in["refreshToken"]
        renewed = connection.call("RefreshSignIn", {"refreshToken": refresh})
        self.check("a sign-in is renewed", renewed["party"] == self.buyer.party and renewed["accessToken"])
        connection.call("SignOut")
        self.until(
            "after SignOut nothing is taken", lambda: self.refusal_of(connection, "GetBalance"),
            lambda reason: reason in ("tokenInvalid", "notSignedIn"))
        self.refused("an ended sign-in is not renewed", "tokenInvalid", self.connect(), "RefreshSignIn", {
            "refreshToken": renewed["refreshToken"]})
        self.refused("its token binds nothing", "tokenInvalid", self.connect(), "Authenticate", {
            "accessToken": renewed["accessToken"]})
        self.check("the other sign-ins go on", self.buyer.call("GetParty")["party"] == self.buyer.party)

    def guess_passwords(self):
        """Whoever tries passwords is slowed down, and told how long."""
        connection = self.connect()
        guess = {"marketplace": self.arguments.marketplace, "email": self.buyer.email}
        for attempt in range(200):
            try:
                connection.call("SignIn", {**guess, "password": f"guess {attempt}"})
                return self.check("a guessed password is wrong", False, attempt)
            except Refused as refusal:
                if refusal.reason == "rateLimited":
                    wait = refusal.refusal["retryAfterMilliseconds"]
                    return self.check("whoever guesses has to wait", wait > 0, refusal)
                self.check("a guessed password is wrong", refusal.reason == "credentialsWrong", refusal)
        self.check("whoever guesses has to wait", False, "200 guesses were let through")

    @staticmethod
    def refusal_of(connection, message):
        try:
            connection.call(message)
            return ""
        except Refused as refusal:
            return refusal.reason

    def now(self):
        return self.operator.call("Hello", {"newest": 1, "oldest": 1})["now"]

    def clock_is_settable(self):
        now = self.now()
        try:
            self.operator.call("SetClock", {"now": now})
        except Refused as refusal:
            if refusal.reason == "clockNotSettable":
                return False
            raise
        self.refused(
            "F7 a clock set backwards", "clockBackwards", self.operator, "SetClock", {"now": now - DAY})
        return True


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--authority", required=True, help="path of the authority's certificate (PEM)")
    parser.add_argument("--operator-email", required=True)
    parser.add_argument(
        "--operator-password", default=os.environ.get("GAVEL_PASSWORD"), help="or GAVEL_PASSWORD")
    parser.add_argument("--marketplace", type=int, default=1)
    parser.add_argument("--protocol", default=pathlib.Path(__file__).parents[2] / "protocol.md")
    journey = Journey(parser.parse_args())
    journey.run()
    return journey.checks.finish()


if __name__ == "__main__":
    sys.exit(main())
