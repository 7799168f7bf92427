// Comfort on the buyer's pages. Every step works without it; nothing here decides anything.
(function () {
  "use strict";

  var digits = function (text) { return text.replace(/\D/g, ""); };
  var find = function (selector) { return document.querySelector(selector); };

  // First digits of each brand, the more precise ones first. Only for the logos: the server looks up the real ranges.
  var BRANDS = [
    ["VISA_ELECTRON", /^(4026|417500|4405|4508|4844|4913|4917)/],
    ["CB", /^(4150|4970|4971|4972|4973|4974|4975|4976|4977|4978)/],
    ["VISA", /^4/],
    ["AMEX", /^3[47]/],
    ["MASTERCARD", /^(5[1-5]|597010|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/],
    ["MAESTRO", /^(50|5[6-9]|6)/]
  ];

  function brandOf(number) {
    for (var i = 0; i < BRANDS.length; i++) if (BRANDS[i][1].test(number)) return BRANDS[i][0];
    return "";
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

  function mark(input, message) {
    var error = document.getElementById(input.id + "_error");
    if (message) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
    error.textContent = message;
  }

  function setUpCard(form) {
    var number = form.elements.card_number;
    var expiry = form.elements.expiry;
    var code = form.elements.security_code;
    var logos = [].slice.call(document.querySelectorAll(".brands [data-brand]"));

    function showBrand() {
      var brand = brandOf(digits(number.value));
      // CB cards carry Visa or Mastercard too, and the first digits don't always tell: their logos stay lit.
      var lit = logos.filter(function (logo) {
        var name = logo.getAttribute("data-brand");
        return name === brand || (brand === "CB" && name === "VISA") || (name === "CB" && (brand === "VISA" || brand === "MASTERCARD"));
      });
      logos.forEach(function (logo) { logo.classList.toggle("dim", lit.length > 0 && lit.indexOf(logo) < 0); });
      var hint = document.getElementById("security_code_hint");
      hint.textContent = form.getAttribute(brand === "AMEX" ? "data-hint-amex" : "data-hint");
    }

    number.addEventListener("input", function () {
      rewrite(number, function (text) { return grouped(text.slice(0, 19)); });
      mark(number, "");
      showBrand();
    });
    number.addEventListener("blur", function () {
      var text = digits(number.value);
      if (text && (text.length < 13 || !luhn(text))) mark(number, form.getAttribute("data-luhn"));
    });
    expiry.addEventListener("input", function (event) {
      var deleting = event.inputType && event.inputType.indexOf("delete") === 0;
      if (/^\d\/$/.test(expiry.value)) expiry.value = "0" + expiry.value;
      rewrite(expiry, function (text) {
        if (text.length === 1 && text > "1") text = "0" + text;
        // A browser that fills the field in may write the year with four digits.
        if (text.length === 6 && text.slice(2, 4) === "20") text = text.slice(0, 2) + text.slice(4);
        if (text.length < 2 || (deleting && text.length === 2)) return text;
        return text.slice(0, 2) + "/" + text.slice(2, text.slice(2, 4) === "20" && text.length > 4 ? 6 : 4);
      });
      mark(expiry, "");
      // A year that begins with 20 may still become one of four digits.
      var complete = expiry.value.length === 5 && expiry.value.slice(3) !== "20";
      if (!deleting && complete && document.activeElement === expiry) code.focus();
    });
    code.addEventListener("input", function () {
      rewrite(code, function (text) { return text.slice(0, 4); });
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

  [].forEach.call(document.forms, guardAgainstTwice);
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
