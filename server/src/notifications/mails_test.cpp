#include "notifications/mails.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/manual_clock.h"
#include "notifications/sample_payment.h"
#include "tests/support/golden.h"

namespace acquit::notifications {
namespace {

using merchants::Mode;

const i18n::Translator& translator() {
  static const auto kLoaded = i18n::Translator::load();
  if (!kLoaded) ADD_FAILURE() << kLoaded.error().detail;
  return *kLoaded;
}

Subject sample(Mode mode, std::string_view language = "fr") {
  const base::ManualClock clock;
  base::SeededRandom random{1};
  auto shop = std::make_shared<merchants::ShopConfig>();
  shop->shop.name = "Boutique d’Été";
  shop->shop.contact_email = "contact@shop.example";
  shop->shop.language = language;
  shop->shop.timezone = "Europe/Paris";
  payments::Payment payment = sample_payment(clock, random, mode);
  payment.language = language;
  payments::Transaction transaction = sample_transaction(clock, random, payment);
  return {{std::move(payment), std::move(transaction)}, std::move(shop)};
}

mail::Mail alert(const Subject& subject, int replay, const CallOutcome& outcome) {
  const base::Time now = base::ManualClock().now();
  const Series series{.rule = merchants::Rule::end_of_payment, .replay = replay};
  const auto again = series.is_last() ? std::nullopt : std::optional(next_quarter(now));
  return alert_mail(translator(), {.subject = subject,
                                   .series = series,
                                   .outcome = outcome,
                                   .url = "https://shop.example/callback/process.php?a=1&b=2",
                                   .at = now,
                                   .again = again});
}

mail::Mail doubtful(const Subject& subject) {
  const CallOutcome moved{.failure = Failure::none,
                          .http_status = 301,
                          .duration = base::Milliseconds{132},
                          .response = "<h1>Moved</h1>",
                          .location = "https://www.shop.example/callback/process.php"};
  const Series series{.rule = merchants::Rule::end_of_payment, .replay = 0};
  return doubtful_mail(translator(), {.subject = subject,
                                      .series = series,
                                      .outcome = moved,
                                      .url = "https://shop.example/callback/process.php",
                                      .at = base::ManualClock().now(),
                                      .again = std::nullopt});
}

CallOutcome outcome(Failure failure, int status) {
  return {.failure = failure,
          .http_status = status,
          .duration = base::Milliseconds{1432},
          .response = status == 0 ? "no answer in time from shop.example:443" : "<h1>Not \"found\"</h1>",
          .accepted = "200–206, 301"};
}

const ShopFace kFace{.name = "Boutique d’Été", .url = "https://shop.example"};

struct Sample {
  std::string name;
  mail::Mail mail;
};

std::vector<Sample> samples(Mode mode, std::string_view language = "fr") {
  Subject pending = sample(mode, language);
  pending.transaction.state = payments::State::pending;
  Subject to_validate = sample(mode, language);
  to_validate.transaction.state = payments::State::to_validate;
  to_validate.transaction.capture.manual_validation = true;
  to_validate.transaction.amount = {1708, to_validate.payment.amount.currency()};
  const RefusedForm error{.code = "09",
                          .field = "vads_amount",
                          .rule = {.key = "rule.number"},
                          .value = "12,5 4970100000000014",
                          .reference = "CMD-26",
                          .transaction = "067925",
                          .incident = "0011223344556677"};
  const Subject paid = sample(mode, language);
  return {{"alert_first", alert(paid, 0, outcome(Failure::not_found, 404))},
          {"alert_last", alert(paid, kReplaysMax, outcome(Failure::timed_out, 0))},
          {"doubtful", doubtful(paid)},
          {"ticket", buyer_ticket(translator(), paid, kFace)},
          {"ticket_pending", buyer_ticket(translator(), pending, kFace)},
          {"merchant", merchant_mail(translator(), paid)},
          {"merchant_pending", merchant_mail(translator(), pending)},
          {"merchant_to_validate", merchant_mail(translator(), to_validate)},
          {"form_error", form_error_mail(translator(), paid.shop->shop, error, base::ManualClock().now())},
          {"form_digest", form_digest_mail(translator(), paid.shop->shop,
                                           {{.code = "09", .field = "vads_amount", .times = 12},
                                            {.code = "11", .field = "vads_currency", .times = 1}},
                                           base::ManualClock().now())}};
}

TEST(Mails, GiveTheOperatorsCommandWholeInEveryLanguage) {
  const Subject paid = sample(Mode::production);
  const std::string command = "acquit replay-notification --shop " + base::to_string(paid.payment.shop) +
                              " --transaction " + paid.transaction.id.hex();
  for (const i18n::Language language : i18n::all_languages()) {
    const Subject subject = sample(Mode::production, i18n::code(language));
    const mail::Mail mail = alert(subject, 0, outcome(Failure::server, 500));
    EXPECT_TRUE(mail.text.contains(command)) << mail.text;
    EXPECT_FALSE(mail.text.contains("Back Office")) << mail.text;
  }
}

TEST(Mails, MatchTheirGoldenFilesInFrench) {
  for (const Sample& sample : samples(Mode::test)) {
    support::expect_golden("tests/golden/mail/" + sample.name + ".txt",
                           "Subject: " + sample.mail.subject + "\n\n" + sample.mail.text);
    support::expect_golden("tests/golden/mail/" + sample.name + ".html", sample.mail.html);
  }
}

TEST(Mails, BearTheMarkOfTestModeInTestOnly) {
  for (const Sample& sample : samples(Mode::test)) {
    EXPECT_EQ(sample.mail.subject.starts_with("[MODE TEST] "), !sample.name.starts_with("form_")) << sample.name;
  }
  for (const Sample& sample : samples(Mode::production)) {
    EXPECT_FALSE(sample.mail.subject.contains("TEST")) << sample.name;
    EXPECT_FALSE(sample.mail.text.contains("***")) << sample.name;
  }
}

TEST(Mails, SpeakEveryLanguage) {
  for (const auto language : i18n::all_languages()) {
    for (const Sample& sample : samples(Mode::test, i18n::code(language))) {
      for (const std::string* text : {&sample.mail.subject, &sample.mail.text, &sample.mail.html}) {
        EXPECT_FALSE(text->contains("⟦")) << sample.name << ' ' << i18n::code(language) << ": " << *text;
        EXPECT_FALSE(text->contains('{')) << sample.name << ' ' << i18n::code(language) << ": " << *text;
      }
    }
  }
  const auto english = alert(sample(Mode::test, "en"), 0, outcome(Failure::server, 500));
  EXPECT_EQ(english.subject,
            "[MODE TEST] Boutique d’Été - Tr. ref. 067925 / FAILURE during the call to your IPN URL "
            "[unsuccessful attempt #1]");
  EXPECT_EQ(language_of("de_CH"), i18n::Language::de);
  EXPECT_EQ(language_of("xx"), i18n::Language::fr);
  EXPECT_EQ(language_of(""), i18n::Language::fr);
}

// Words as our own code, logs and commands have them. Names of the protocol's fields, the operator's command and what
// the shop itself answered stand in every language.
std::string without_names(std::string text) {
  for (const std::string_view name : {"vads_amount", "vads_currency", "acquit replay-notification --shop",
                                      "--transaction", "Not \"found\"", "Not &quot;found&quot;", "Moved"}) {
    for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name)) text.erase(at, name.size());
  }
  return text;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words{{}};
  for (const char c : text) {
    const bool part =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
    if (part) words.back() += c;
    if (!part && !words.back().empty()) words.emplace_back();
  }
  return words;
}

TEST(Mails, HoldNoEnglishInOtherLanguages) {
  const std::set<std::string> english{
      "the",       "answer",    "answered",  "connection", "timeout",  "sent",        "SENT",          "failed",
      "FAILED",    "refused",   "REFUSED",   "declined",   "captured", "CAPTURED",    "authorised",    "AUTHORISED",
      "abandoned", "ABANDONED", "cancelled", "expired",    "EXPIRED",  "pending",     "PENDING",       "to_validate",
      "doubtful",  "payment",   "amount",    "found",      "time",     "unreachable", "end_of_payment"};
  for (const auto language : i18n::all_languages()) {
    if (language == i18n::Language::en) continue;
    auto all = samples(Mode::production, i18n::code(language));
    for (int kind = 1; kind <= static_cast<int>(Failure::other); ++kind) {
      for (const int status : {0, 500}) {
        all.push_back({"alert " + std::to_string(kind), alert(sample(Mode::production, i18n::code(language)), 0,
                                                              outcome(static_cast<Failure>(kind), status))});
      }
    }
    for (const Sample& sample : all) {
      for (const std::string& word : words_of(without_names(sample.mail.subject + "\n" + sample.mail.text))) {
        EXPECT_FALSE(english.contains(word)) << sample.name << ' ' << i18n::code(language) << ": " << word;
      }
    }
  }
}

TEST(Mails, AdviseOnEachKindOfFailure) {
  std::vector<std::string> texts;
  for (int kind = 1; kind <= static_cast<int>(Failure::other); ++kind) {
    const auto mail = alert(sample(Mode::production), 0, outcome(static_cast<Failure>(kind), 0));
    EXPECT_EQ(std::ranges::count(texts, mail.text), 0) << kind;
    texts.push_back(mail.text);
  }
  struct Row {
    Failure failure;
    std::string_view advice;
  };
  const Row rows[] = {{Failure::timed_out, "à temps"},        {Failure::refused, "refuse la connexion"},
                      {Failure::name_unknown, "DNS"},         {Failure::tls, "certificat"},
                      {Failure::access, ".htaccess"},         {Failure::not_found, "n’existe pas"},
                      {Failure::redirect, "redirection"},     {Failure::request, "POST"},
                      {Failure::server, "journal d’erreurs"}, {Failure::other, "200–206"}};
  for (const Row& row : rows) {
    EXPECT_TRUE(texts.at(static_cast<std::size_t>(row.failure) - 1).contains(row.advice)) << row.advice;
  }
}

TEST(Mails, LetNoValueOfAShopOrBuyerBecomeMarkup) {
  constexpr std::string_view kAttack = "<script>\"'>&{shop}";
  Subject subject = sample(Mode::test);
  auto shop = std::make_shared<merchants::ShopConfig>(*subject.shop);
  shop->shop.name = kAttack;
  shop->shop.contact_email = kAttack;
  subject.shop = shop;
  subject.payment.reference = kAttack;
  subject.payment.buyer.first_name = kAttack;
  subject.payment.buyer.email = kAttack;
  CallOutcome answered = outcome(Failure::server, 500);
  answered.response = kAttack;
  const mail::Mail mails[] = {
      alert(subject, 0, answered),
      buyer_ticket(translator(), subject, {.name = std::string(kAttack), .url = std::string(kAttack)}),
      merchant_mail(translator(), subject),
      form_error_mail(translator(), shop->shop,
                      {.code = "09",
                       .field = std::string(kAttack),
                       .rule = {.key = "rule.one_of", .arguments = {{"values", std::string(kAttack)}}}},
                      base::ManualClock().now())};
  for (const mail::Mail& mail : mails) {
    EXPECT_FALSE(mail.html.contains("<script>"));
    EXPECT_FALSE(mail.html.contains("\"'>"));
    EXPECT_TRUE(mail.html.contains("&lt;script&gt;"));
  }
}

}  // namespace
}  // namespace acquit::notifications
