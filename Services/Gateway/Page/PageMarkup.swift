import Kernel
import Messages

/// The page's HTML. No script runs on it, and other people's text is never markup.
enum PageMarkup {
    static let style = """
        body { margin: 0; padding: 1rem; font: 1rem/1.4 system-ui, sans-serif; color: #1b1b1b; background: #fff }
        h1 { font-size: 1.2rem; margin: 0 0 .8rem }
        form { display: grid; gap: .8rem; max-width: 26rem }
        label, legend { font-weight: 600 }
        small { display: block; color: #555 }
        fieldset { border: 1px solid #bbb; border-radius: .4rem; margin: 0 }
        fieldset label { display: block; font-weight: 400; padding: .15rem 0 }
        input[type=tel], select, button { font: inherit; padding: .5rem; width: 100%; box-sizing: border-box;
            border: 1px solid #888; border-radius: .4rem }
        button { background: #0b57d0; border-color: #0b57d0; color: #fff; cursor: pointer }
        :focus-visible { outline: 3px solid #7aa7ff; outline-offset: 1px }
        .wrong { color: #a30000 }

        """

    /// What was typed before, to be shown again.
    struct Typed {
        var number = ""
        var amount: Int64?
        var method: String?
    }

    static func form(_ offer: CallerTopUpOffer, key: String, typed: Typed = Typed(), wrong: String? = nil)
        -> String
    {
        let words = PageWords.of(offer.language)
        var body = "<h1>\(HTMLText.escaped(offer.name)): \(words.title)</h1>\n"
        if let wrong { body += "<p class=\"wrong\" role=\"alert\">\(wrong)</p>\n" }
        body += """
            <form method="post" action="/top-up/\(offer.profile.raw)">
            <input type="hidden" name="key" value="\(key)">
            <div><label for="number">\(words.number)</label>
            <input id="number" name="number" type="tel" autocomplete="tel" required maxlength="40" \
            value="\(HTMLText.escaped(typed.number))">
            <small>\(words.numberHint)</small></div>
            <fieldset><legend>\(words.amount)</legend>

            """
        for (index, item) in offer.topUps.enumerated() {
            let isChosen = typed.amount.map { $0 == item.amount } ?? (index == 0)
            var label = offer.language.text(Money(item.amount, offer.currency))
            if item.bonus > 0 {
                label += " " + words.bonus(offer.language.text(Money(item.bonus, offer.currency)))
            }
            body += """
                <label><input type="radio" name="amount" value="\(item.amount)"\(isChosen ? " checked" : "")> \
                \(HTMLText.escaped(label))</label>

                """
        }
        body += "</fieldset>\n"
        body += methods(offer, typed, words)
        body += "<button>\(words.pay)</button>\n</form>\n"
        return page(words, body)
    }

    private static func methods(_ offer: CallerTopUpOffer, _ typed: Typed, _ words: PageWords) -> String {
        guard offer.methods.count > 1 else {
            let only = HTMLText.escaped(offer.methods.first ?? "")
            return "<input type=\"hidden\" name=\"method\" value=\"\(only)\">\n"
        }
        let options = offer.methods.map { method in
            let name = HTMLText.escaped(method)
            return "<option\(method == typed.method ? " selected" : "")>\(name)</option>"
        }
        return """
            <div><label for="method">\(words.method)</label>
            <select id="method" name="method">\(options.joined())</select></div>

            """
    }

    /// How far a top-up is; the browser asks again until it is over.
    static func standing(_ topUp: CallerTopUpView, _ offer: CallerTopUpOffer) -> String {
        let words = PageWords.of(offer.language)
        let again = "<p><a href=\"/top-up/\(offer.profile.raw)\">\(words.again)</a></p>\n"
        let name = "<h1>\(HTMLText.escaped(offer.name)): \(words.title)</h1>\n"
        switch topUp.state {
        case .started, .pending:
            return page(
                words, name + "<p id=\"state\" data-state=\"pending\" role=\"status\">\(words.started)</p>\n",
                head: "<meta http-equiv=\"refresh\" content=\"2\">\n")
        case .settled:
            var sum = offer.language.text(topUp.amount)
            if topUp.bonus.minor > 0 { sum += " " + words.bonus(offer.language.text(topUp.bonus)) }
            return page(
                words,
                name + """
                    <p id="state" data-state="settled" role="status">\(HTMLText.escaped(words.settled(sum)))</p>
                    \(again)
                    """)
        case .declined:
            return page(
                words,
                name + """
                    <p id="state" data-state="declined" class="wrong" role="alert">\(words.declined)</p>
                    \(again)
                    """)
        }
    }

    static func message(_ text: String, _ words: PageWords) -> String {
        page(words, "<p class=\"wrong\" role=\"alert\">\(text)</p>\n")
    }

    private static func page(_ words: PageWords, _ body: String, head: String = "") -> String {
        """
        <!DOCTYPE html>
        <html lang="\(words.tag)">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(words.title)</title>
        <link rel="stylesheet" href="/top-up/style.css">
        \(head)</head>
        <body>
        \(body)</body>
        </html>

        """
    }

    /// The few lines that a site takes over (E14).
    static func snippet(_ profile: BillingProfileID, address: String, title: String) -> String {
        """
        <iframe src="\(HTMLText.escaped(address))/top-up/\(profile.raw)" title="\(HTMLText.escaped(title))"
            width="100%" height="520" style="border: 0; max-width: 30rem" referrerpolicy="no-referrer"></iframe>

        """
    }
}
