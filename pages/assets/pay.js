// Comfort on the buyer's pages. Every step works without it; nothing here decides anything.
(function () {
  "use strict";

  // Digits of any script; without Unicode in its expressions a browser knows the ASCII and full-width ones.
  var isDigit = /[0-9\uFF10-\uFF19]/;
  try { isDigit = new RegExp("\\p{Nd}", "u"); } catch (error) { /* an old browser */ }

  // The digits of a script follow each other from 0 to 9, and those of two scripts never begin in between.
  function valueOf(character) {
    var before = 0;
    while (isDigit.test(String.fromCodePoint(character.codePointAt(0) - before - 1))) before++;
    return String(before % 10);
  }

  // As the server reads it: digits as 0 to 9, everything else as it stands.
  function plain(text) {
    return Array.from(text, function (c) { return isDigit.test(c) ? valueOf(c) : c; }).join("");
  }

  var digits = function (text) { return plain(text).replace(/[^0-9]/g, ""); };
  var find = function (selector) { return document.querySelector(selector); };

  // First digits of each brand, the more precise ones first, as the server has them; and beside the brand the one that
  // shares its cards. The server decides.
  var BRANDS = [
    ["VISA_ELECTRON", /^(4026|417500|4508|4844|4913|4917)/],
    ["CB", /^497/, "VISA"],
    ["CB", /^513[1-9]/, "MASTERCARD"],
    ["VISA", /^4/],
    ["AMEX", /^3[47]/],
    ["MASTERCARD", /^(5[1-5]|597010|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/],
    ["MAESTRO", /^(50|5[6-9]|6)/]
  ];

  function rowOf(number) {
    for (var i = 0; i < BRANDS.length; i++) if (BRANDS[i][1].test(number)) return BRANDS[i];
    return ["", /^$/];
  }

  function luhn(number) {
    var sum = 0;
    for (var i = 0; i < number.length; i++) {
      var digit = +number[number.length - 1 - i] * (i % 2 ? 2 : 1);
      sum += digit > 9 ? digit - 9 : digit;
    }
    return sum % 10 === 0;
  }

  function grouped(number) {
    if (/^3[47]/.test(number)) return number.replace(/^(.{4})(.{1,6})?(.*)$/, "$1 $2 $3").trim();
    return number.replace(/(.{4})(?=.)/g, "$1 ");
  }

  // Rewrites a field and keeps the caret behind the same digit.
  function rewrite(input, format) {
    var atEnd = input.selectionStart === input.value.length;
    var before = digits(input.value.slice(0, input.selectionStart)).length;
    var text = format(digits(input.value));
    if (text === input.value) return;
    input.value = text;
    var at = atEnd ? text.length : 0;
    if (atEnd) before = 0;
    while (before > 0 && at < text.length) if (/\d/.test(text[at++])) before--;
    if (at < text.length && /\D/.test(text[at])) while (at < text.length && /\D/.test(text[at])) at++;
    if (document.activeElement === input) input.setSelectionRange(at, at);
  }

  // Not while an input method still composes: what it shows then must not be touched.
  function whenTyped(input, work) {
    input.addEventListener("input", function (event) { if (!event.isComposing) work(event); });
    input.addEventListener("compositionend", function () { work({ inputType: "insertCompositionText" }); });
  }

  // "12/30" of a date that is whole, as the server reads one; else "".
  function wholeDate(text) {
    text = plain(text).replace(/[\u200B-\u200F\u2060\uFEFF]/g, "").replace(/\s*[-.\/\u2010-\u2015\u2212\uFF0D\uFF0E\uFF0F\u30FC\u5E74\u6708]\s*/g, "/").trim();
    text = text.replace(/^\/+|\/+$/g, "").replace(/\s+/g, /\//.test(text) ? "" : " ");
    var parts = /^(\d{1,2})[\/ ]((?:20)?\d\d)$/.exec(text) || /^(0\d|1[0-2])((?:20)?\d\d)$/.exec(text);
    var yearFirst = /^(20\d\d)[\/ ]?(\d{1,2})$/.exec(text);
    if (!parts && yearFirst) parts = [text, yearFirst[2], yearFirst[1]];
    if (!parts || +parts[1] < 1 || +parts[1] > 12) return "";
    return (parts[1].length < 2 ? "0" : "") + parts[1] + "/" + parts[2].slice(-2);
  }

  // Puts the slash in, and a zero before a month that can have no second digit. A year that comes first, "2030-12", is
  // left alone until it is whole, and so is what is no date.
  function rewriteDate(input, deleting) {
    var text = plain(input.value);
    if (/^\d\/$/.test(text)) text = "0" + text;
    if (/^20/.test(text) || /[^\d\s.\/-]/.test(text)) return;
    if (text !== input.value) input.value = text;
    rewrite(input, function (text) {
      if (/^[3-9]$|^2[1-9]/.test(text)) text = "0" + text;
      if (text.length < 2 || (deleting && text.length === 2)) return text;
      return text.slice(0, 2) + "/" + text.slice(2);
    });
  }

  function mark(input, message) {
    var error = document.getElementById(input.id + "_error");
    if (message) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
    error.textContent = message;
  }

  // The choice between the two brands of a card, shown once the number tells that it has two. The preferred one is set
  // beforehand, and counts as the buyer's choice only if he touched it.
  function setUpBrands(form) {
    var box = find(".choice");
    if (!box) return function () {};
    var radios = [].slice.call(box.querySelectorAll("input"));
    var automatic = radios[0];
    var chosen = !automatic.checked;
    var shown = "";
    var named = function (name) { return radios.filter(function (radio) { return radio.value === name; })[0]; };
    box.addEventListener("change", function () { chosen = true; });
    form.addEventListener("submit", function () { if (!chosen) automatic.checked = true; });
    return function (brands) {
      var two = brands.filter(function (brand) { return brand && named(brand); });
      if (two.length < 2) two = [];
      box.hidden = two.length === 0;
      if (shown === two.join()) return;
      shown = two.join();
      radios.forEach(function (radio) { radio.parentNode.hidden = two.indexOf(radio.value) < 0; });
      var still = radios.filter(function (radio) { return radio.checked && two.indexOf(radio.value) >= 0; })[0];
      if (still && chosen) return;
      chosen = false;
      (two.length ? named(two[0]) : automatic).checked = true;
    };
  }

  function setUpCard(form) {
    var number = form.elements.card_number;
    var expiry = form.elements.expiry;
    var code = form.elements.security_code;
    var offerBrands = setUpBrands(form);
    var logos = [].slice.call(document.querySelectorAll(".brands [data-brand]"));

    function showBrand() {
      var row = rowOf(digits(number.value));
      var brand = row[0];
      offerBrands([brand, row[2]]);
      // CB cards carry Visa or Mastercard too, and the first digits don't always tell: their logos stay lit.
      var lit = logos.filter(function (logo) {
        var name = logo.getAttribute("data-brand");
        return name === brand || name === row[2] || (name === "CB" && (brand === "VISA" || brand === "MASTERCARD"));
      });
      logos.forEach(function (logo) { logo.classList.toggle("dim", lit.length > 0 && lit.indexOf(logo) < 0); });
      var hint = document.getElementById("security_code_hint");
      hint.textContent = form.getAttribute(brand === "AMEX" ? "data-hint-amex" : "data-hint");
    }

    whenTyped(number, function () {
      if (!/[^\d\s.\/\u2010-\u2015-]/.test(plain(number.value))) rewrite(number, grouped);
      mark(number, "");
      showBrand();
    });
    number.addEventListener("blur", function () {
      var text = digits(number.value);
      if (text && (text.length < 13 || text.length > 19 || !luhn(text))) mark(number, form.getAttribute("data-luhn"));
    });
    whenTyped(expiry, function (event) {
      var deleting = event.inputType && event.inputType.indexOf("delete") === 0;
      var pasted = event.inputType !== "insertText" && event.inputType !== "insertCompositionText";
      if (pasted && !deleting && wholeDate(expiry.value)) expiry.value = wholeDate(expiry.value);
      else rewriteDate(expiry, deleting);
      mark(expiry, "");
      // A year that begins with 20 may still become one of four digits.
      var complete = /^\d\d\/\d\d$/.test(expiry.value) && expiry.value.slice(3) !== "20";
      if (!deleting && complete && document.activeElement === expiry) code.focus();
    });
    expiry.addEventListener("change", function () { expiry.value = wholeDate(expiry.value) || expiry.value; });
    whenTyped(code, function () {
      if (!/[^\d\s]/.test(plain(code.value))) rewrite(code, function (text) { return text; });
      mark(code, "");
    });
    if (form.elements.card_holder) {
      form.elements.card_holder.addEventListener("input", function () { mark(form.elements.card_holder, ""); });
    }
    setUpTestCards(form, showBrand);
    fillBrowserData(form);
    showBrand();
  }

  function setUpTestCards(form, showBrand) {
    var list = form.elements.test_card;
    if (!list) return;
    list.addEventListener("change", function () {
      var card = list.options[list.selectedIndex];
      if (!card.value) return;
      form.elements.card_number.value = grouped(card.getAttribute("data-number"));
      form.elements.expiry.value = card.getAttribute("data-expiry");
      form.elements.security_code.value = card.getAttribute("data-code");
      if (form.elements.card_holder && !form.elements.card_holder.value) form.elements.card_holder.value = "TEST";
      ["card_number", "expiry", "security_code", "card_holder"].forEach(function (name) {
        if (form.elements[name]) mark(form.elements[name], "");
      });
      showBrand();
    });
  }

  // What EMV 3-D Secure asks about the browser.
  function fillBrowserData(form) {
    var values = {
      browser_js: "true",
      browser_java: typeof navigator.javaEnabled === "function" && navigator.javaEnabled() ? "true" : "false",
      browser_language: (navigator.language || "").slice(0, 35),
      browser_color_depth: String(screen.colorDepth),
      browser_screen_height: String(screen.height),
      browser_screen_width: String(screen.width),
      browser_tz: String(new Date().getTimezoneOffset())
    };
    Object.keys(values).forEach(function (name) { form.elements[name].value = values[name]; });
  }

  // A second press on the button while the first is under way does nothing.
  function guardAgainstTwice(form) {
    var button = form.querySelector("button");
    var label = button && button.textContent;
    form.addEventListener("submit", function (event) {
      if (form.hasAttribute("data-sent")) { event.preventDefault(); return; }
      form.setAttribute("data-sent", "");
      if (!button) return;
      button.setAttribute("aria-disabled", "true");
      if (button.getAttribute("data-pending")) button.textContent = button.getAttribute("data-pending");
    });
    window.addEventListener("pageshow", function (event) {
      if (!event.persisted) return;
      form.removeAttribute("data-sent");
      if (button) { button.removeAttribute("aria-disabled"); button.textContent = label; }
    });
  }

  function submit(form) {
    if (form.hasAttribute("data-sent")) return;
    form.setAttribute("data-sent", "");
    // Not form.submit(): a hidden field called "submit" would hide the function.
    HTMLFormElement.prototype.submit.call(form);
  }

  function submitAfter(form, seconds) {
    setTimeout(function () { submit(form); }, seconds * 1000);
  }

  // The bank's page loads in an invisible frame and ends on a page of ours, which says so in its body.
  function setUpThreedsMethod(method) {
    var next = find("[data-threeds-continue]");
    var frame = find("iframe[name=threeds_method]");
    frame.addEventListener("load", function () {
      var done = false;
      try {
        done = frame.contentDocument.body.getAttribute("data-threeds-method") === "done";
      } catch (error) {
        done = false;  // Still on the bank's page.
      }
      if (!done) return;
      next.elements.method_completed.value = "Y";
      submit(next);
    });
    submitAfter(next, +next.getAttribute("data-threeds-continue"));
    HTMLFormElement.prototype.submit.call(method);
  }

  // Counts the minutes down, says aloud when few are left, and asks for more without leaving the page: what is typed stays.
  function setUpTime(box) {
    var button = box.querySelector("button");
    var text = box.querySelector(".time-text");
    var said = box.querySelector(".time-said");
    var WARN_S = 120;
    var texts, end, warned;

    function begin(from) {
      texts = from.getAttribute("data-texts").split("|");
      end = Date.now() + 1000 * from.getAttribute("data-left");
      warned = false;
      box.classList.remove("soon");
    }
    function tick() {
      var left = Math.ceil((end - Date.now()) / 1000);
      // The page itself says that the time is over; perhaps another tab asked for more.
      if (left <= 0) { clearInterval(timer); location.reload(); return; }
      var now = texts[Math.max(0, texts.length - Math.ceil(left / 60))];
      if (text.textContent !== now) text.textContent = now;
      if (left > WARN_S || warned) return;
      warned = true;
      box.classList.add("soon");
      said.textContent = now;
    }
    function extend(event) {
      event.preventDefault();
      fetch(button.getAttribute("formaction"), { method: "POST" }).then(function (answer) {
        return answer.text();
      }).then(function (page) {
        var fresh = new DOMParser().parseFromString(page, "text/html").querySelector("[data-left]");
        begin(fresh);
        tick();
        said.textContent = text.textContent;
        if (fresh.querySelector("button")) return;
        button.remove();
      }).catch(function () {
        // As without scripts: the form takes along what may be shown again.
        button.removeEventListener("click", extend);
        button.click();
      });
    }
    begin(box);
    if (button) button.addEventListener("click", extend);
    var timer = setInterval(tick, 1000);
  }

  [].forEach.call(document.forms, guardAgainstTwice);
  if (find("[data-left]")) setUpTime(find("[data-left]"));
  // Whoever comes back from the bank or the shop wants to be here: he goes on by the button.
  function cameBack() {
    var entries = window.performance && performance.getEntriesByType ? performance.getEntriesByType("navigation") : [];
    return entries.length > 0 && entries[0].type === "back_forward";
  }

  [].forEach.call(document.querySelectorAll("[data-submit-after]"), function (form) {
    if (form.hasAttribute("data-leaves") && cameBack()) {
      if (find(".spinner")) find(".spinner").remove();
      return;
    }
    submitAfter(form, +form.getAttribute("data-submit-after"));
  });
  if (find("[data-card]")) setUpCard(find("[data-card]"));
  if (find("[data-threeds-method]")) setUpThreedsMethod(find("[data-threeds-method]"));
  if (find(".alert")) find(".alert").focus();
  document.addEventListener("click", function (event) {
    var menu = find(".languages[open]");
    if (menu && !menu.contains(event.target)) menu.open = false;
  });
})();
