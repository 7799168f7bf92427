// What a shop's server gets of four protocols that have nothing in common but being HTTP: facts in the query and an RSA
// signature (Paybox), a form with the MAC of its JSON (Lyra REST V4), JSON with an ECDSA signature in a header
// (PostFinance Checkout), headers that name message and time (Standard Webhooks). Each is as small as it comes;
// signatures are checked by OpenSSL where they arrive, as the shop would.
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <boost/json.hpp>

#include "base/base64.h"
#include "base/bytes.h"
#include "base/digest.h"
#include "base/form_fields.h"
#include "base/hex.h"
#include "base/percent.h"
#include "notifications/notifier_fixture.h"

namespace acquit::notifications {
namespace {

const unsigned char* bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

using KeyPair = std::unique_ptr<EVP_PKEY, decltype([](EVP_PKEY* key) { EVP_PKEY_free(key); })>;

using Digest = std::unique_ptr<EVP_MD_CTX, decltype([](EVP_MD_CTX* context) { EVP_MD_CTX_free(context); })>;

std::string sign(const EVP_MD* digest, EVP_PKEY* key, std::string_view text) {
  const Digest context(EVP_MD_CTX_new());
  if (EVP_DigestSignInit(context.get(), nullptr, digest, nullptr, key) != 1) throw std::runtime_error("no such key");
  std::vector<unsigned char> out(static_cast<std::size_t>(EVP_PKEY_get_size(key)));
  std::size_t size = out.size();
  const int made = EVP_DigestSign(context.get(), out.data(), &size, bytes(text), text.size());
  if (made != 1) throw std::runtime_error("OpenSSL does not sign");
  out.resize(size);
  return {out.begin(), out.end()};
}

class SigningFormatter : public Formatter {
 public:
  std::string shop_name(const Subject& subject) const override { return subject.shop->shop.name; }
  std::string shop_url(const Subject& subject) const override { return subject.shop->shop.url; }

 protected:
  /// Redirects are failures for all four.
  static Verdict judge_by_2xx(const http::IncomingResponse& answer) {
    return answer.status / 100 == 2 ? Verdict::taken : Verdict::again;
  }
};

/// GET: the facts follow the shop's own query; only they are signed, as they are sent (paybox.md §1.10, §1.11).
class PayboxLike final : public SigningFormatter {
 public:
  explicit PayboxLike(EVP_PKEY* key) : key_(key) {}
  base::Result<Call> call(const Occasion& occasion) const override {
    const payments::Payment& payment = occasion.subject.payment;
    const std::string facts = "Mt=" + std::to_string(payment.amount.minor()) +
                              "&R=" + base::percent_encode(payment.reference) + "&E=00000&N=497010";
    const std::string signature = sign(EVP_sha1(), key_, facts);
    return Call{.request = {.method = http::Method::get,
                            .url = occasion.url + (occasion.url.contains('?') ? "&" : "?") + facts +
                                   "&K=" + base::percent_encode(base::to_base64(base::as_bytes(signature))),
                            .time_limit = base::Milliseconds{20'000}},
                .judge = judge_by_2xx,
                .accepted = "2xx"};
  }

 private:
  EVP_PKEY* key_;
};

/// POST of a form: the answer of the REST API as JSON, and its MAC (lyra.md §2.3).
class RestLike final : public SigningFormatter {
 public:
  base::Result<Call> call(const Occasion& occasion) const override {
    const Subject& subject = occasion.subject;
    const base::SecretKey& password = subject.shop->key("form", subject.payment.mode);
    const std::string answer = boost::json::serialize(
        boost::json::object{{"orderStatus", "PAID"},
                            {"orderDetails", boost::json::object{{"orderId", subject.payment.reference}}},
                            {"_type", "V4/Payment"}});
    const base::FormFields form{{"kr-hash", base::to_hex(base::hmac_sha256(password.reveal(), answer))},
                                {"kr-hash-key", "password"},
                                {"kr-hash-algorithm", "sha256_hmac"},
                                {"kr-answer", answer},
                                {"kr-answer-type", "V4/Payment"},
                                {"kr-src", occasion.telling == Telling::again ? "RETRY" : "PAY"}};
    return Call{.request = {.url = occasion.url,
                            .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
                            .body = base::to_form(form)},
                .judge = judge_by_2xx,
                .accepted = "2xx"};
  }
};

/// POST of JSON, signed by ECDSA over the bytes of the body (checkout.md §4.3).
class CheckoutLike final : public SigningFormatter {
 public:
  explicit CheckoutLike(EVP_PKEY* key) : key_(key) {}
  base::Result<Call> call(const Occasion& occasion) const override {
    std::string body = boost::json::serialize(boost::json::object{
        {"entityId", 11}, {"listenerEntityTechnicalName", "Transaction"}, {"spaceId", 1}, {"state", "FULFILL"}});
    const std::string signature = base::to_base64(base::as_bytes(sign(EVP_sha256(), key_, body)));
    return Call{
        .request = {.url = occasion.url,
                    .headers = {{"Content-Type", "application/json"},
                                {"x-signature", "algorithm=SHA256withECDSA, keyId=0a1b-2c3d, signature=" + signature}},
                    .body = std::move(body)},
        .judge = judge_by_2xx,
        .accepted = "2xx"};
  }

 private:
  EVP_PKEY* key_;
};

/// POST of JSON; message, time of the attempt and body are signed together. 410 says that nobody listens any more.
class StandardWebhook final : public SigningFormatter {
 public:
  base::Result<Call> call(const Occasion& occasion) const override {
    const Subject& subject = occasion.subject;
    std::string body = boost::json::serialize(
        boost::json::object{{"type", "payment.paid"}, {"data", {{"reference", subject.payment.reference}}}});
    const std::string id = "msg_" + occasion.id;
    const std::string time = std::to_string(base::to_ms(occasion.at) / 1000);
    const auto mac =
        base::hmac_sha256(subject.shop->key("form", subject.payment.mode).reveal(), id + "." + time + "." + body);
    return Call{.request = {.url = occasion.url,
                            .headers = {{"Content-Type", "application/json"},
                                        {"webhook-id", id},
                                        {"webhook-timestamp", time},
                                        {"webhook-signature", "v1," + base::to_base64(mac)}},
                            .body = std::move(body)},
                .judge = judge,
                .accepted = "2xx"};
  }

 private:
  static Verdict judge(const http::IncomingResponse& answer) {
    return answer.status == 410 ? Verdict::stop : judge_by_2xx(answer);
  }
};

/// With the public half only, as a shop has it.
bool verifies(const EVP_MD* digest, EVP_PKEY* key, std::string_view text, std::string_view signature) {
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key, &der);
  const unsigned char* begin = der;
  const KeyPair shared(d2i_PUBKEY(nullptr, &begin, size));
  OPENSSL_free(der);
  const Digest context(EVP_MD_CTX_new());
  return EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, shared.get()) == 1 &&
         EVP_DigestVerify(context.get(), bytes(signature), signature.size(), bytes(text), text.size()) == 1;
}

std::string mac_of(std::string_view key, std::string_view text) {
  std::string out(32, '\0');
  unsigned int size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes(text), text.size(),
       reinterpret_cast<unsigned char*>(out.data()), &size);
  return out;
}

std::string value_of(const base::FormFields& fields, std::string_view name) {
  return std::string(base::field_of(fields, name));
}

class CallsOfProtocols : public NotifierFixture {
 protected:
  /// Payments of the fixture came by it.
  void speak(const Formatter& formatter, NotifierOptions options = {}) {
    notifier_.emplace(
        env_->services(), *client_, [&formatter](std::string_view) { return &formatter; }, *translator_, *mailer_,
        options);
    notifier_->register_handlers();
  }
  [[nodiscard]] http::Request last() const { return shop_server_->requests().back(); }

  KeyPair rsa_{EVP_RSA_gen(1024)};
  KeyPair ec_{EVP_EC_gen("P-256")};
};

TEST_F(CallsOfProtocols, SignFactsThatTravelInAQuery) {
  const PayboxLike paybox(rsa_.get());
  speak(paybox);
  set_rule([&](auto& rule) { rule.url_test = shop_server_->url("/ipn?shop=7"); });
  const auto id = pay();
  notify();
  const http::Request request = last();
  EXPECT_EQ(request.method, http::Method::get);
  EXPECT_EQ(request.path, "/ipn");
  EXPECT_TRUE(request.body.empty());
  ASSERT_TRUE(request.query.starts_with("shop=7&Mt=5124&R=CMD-26&")) << request.query;
  const std::size_t begin = std::string_view("shop=7&").size();
  const std::size_t end = request.query.find("&K=");
  const auto signature = base::from_base64(value_of(base::parse_form(request.query).value(), "K"));
  ASSERT_TRUE(signature);
  EXPECT_EQ(signature->size(), 128U);
  EXPECT_TRUE(verifies(EVP_sha1(), rsa_.get(), request.query.substr(begin, end - begin), *signature));
  EXPECT_FALSE(verifies(EVP_sha1(), rsa_.get(), request.query.substr(0, end), *signature));
  EXPECT_EQ(deliveries(id).at(0).target, shop_server_->url("/ipn?shop=7")) << "what we said is not part of where";
}

TEST_F(CallsOfProtocols, KeepWhatTheySaidOutOfRowsAndMails) {
  const PayboxLike paybox(rsa_.get());
  speak(paybox);
  set_rule(kNoEdit);
  shop_server_->answer_next(http::Response::text(302, "moved").with_header("location", "/elsewhere"));
  const auto id = pay();
  notify();
  dispatch();
  EXPECT_FALSE(deliveries(id).at(0).succeeded) << "this protocol takes no redirect";
  const std::string mail = last_text_to(kAlerts);
  EXPECT_TRUE(mail.contains(shop_server_->url("/test"))) << mail;
  for (const std::string_view said : {"497010", "&K=", "Mt=5124"}) {
    EXPECT_FALSE(mail.contains(said)) << said;
    EXPECT_FALSE(deliveries(id).at(0).target.contains(said)) << said;
    EXPECT_FALSE(operations(id, "notification").at(0).detail.contains(said)) << said;
  }
}

TEST_F(CallsOfProtocols, SendAFormWithTheMacOfItsAnswer) {
  const RestLike rest;
  speak(rest);
  set_rule(kNoEdit);
  pay(Mode::production);
  notify();
  const http::Request request = last();
  EXPECT_EQ(request.method, http::Method::post);
  EXPECT_EQ(request.header("content-type"), "application/x-www-form-urlencoded");
  const auto form = base::parse_form(request.body).value();
  const std::string answer = value_of(form, "kr-answer");
  EXPECT_EQ(answer, R"({"orderStatus":"PAID","orderDetails":{"orderId":"CMD-26"},"_type":"V4/Payment"})");
  EXPECT_EQ(value_of(form, "kr-hash"), base::to_hex(base::as_bytes(mac_of("8877665544332211", answer))));
  EXPECT_EQ(value_of(form, "kr-src"), "PAY");
}

TEST_F(CallsOfProtocols, SignABodyInAHeader) {
  const CheckoutLike checkout(ec_.get());
  speak(checkout);
  set_rule(kNoEdit);
  pay();
  notify();
  const http::Request request = last();
  EXPECT_EQ(request.header("content-type"), "application/json");
  const std::string_view header = request.header("x-signature");
  constexpr std::string_view kStart = "algorithm=SHA256withECDSA, keyId=0a1b-2c3d, signature=";
  ASSERT_TRUE(header.starts_with(kStart)) << header;
  const auto signature = base::from_base64(header.substr(kStart.size()));
  ASSERT_TRUE(signature);
  EXPECT_TRUE(verifies(EVP_sha256(), ec_.get(), request.body, *signature));
  EXPECT_FALSE(verifies(EVP_sha256(), ec_.get(), request.body + " ", *signature));
}

void expect_signed(const http::Request& request) {
  const std::string text = std::string(request.header("webhook-id")) + "." +
                           std::string(request.header("webhook-timestamp")) + "." + request.body;
  EXPECT_EQ(request.header("webhook-signature"),
            "v1," + base::to_base64(base::as_bytes(mac_of("1122334455667788", text))));
}

TEST_F(CallsOfProtocols, NameTheMessageOnceAndTheTimeAtEachAttempt) {
  const StandardWebhook webhook;
  speak(webhook);
  set_rule(kNoEdit);
  shop_server_->answer_next(http::Response::text(503, "later"));
  const auto id = pay();
  notify();
  advance_to(today(22, 15));
  dispatch();
  ASSERT_TRUE(base::sync_wait(
      notifier_->replay_notification({.shop = kShopId, .transaction = id, .actor = base::Actor::user("alice")})));
  const auto requests = shop_server_->requests();
  ASSERT_EQ(requests.size(), 3U);
  for (const http::Request& request : requests) expect_signed(request);
  EXPECT_EQ(requests[0].header("webhook-timestamp"), "1700000000");
  EXPECT_EQ(requests[1].header("webhook-timestamp"), "1700000100") << "22:15:00";
  EXPECT_EQ(requests[0].header("webhook-id"), "msg_" + message_->id.hex());
  EXPECT_EQ(requests[1].header("webhook-id"), requests[0].header("webhook-id")) << "the same message";
  EXPECT_NE(requests[2].header("webhook-id"), requests[0].header("webhook-id")) << "a user's own wish";
}

TEST_F(CallsOfProtocols, EndASeriesThatTheShopStops) {
  const StandardWebhook webhook;
  speak(webhook);
  set_rule(kNoEdit);
  shop_server_->answer_always(410);
  const auto id = pay();
  notify();
  EXPECT_TRUE(waiting(id, payments::kTopicNotification).empty());
  advance_to(today(23, 30));
  dispatch();
  EXPECT_EQ(calls(), 1U);
  EXPECT_FALSE(deliveries(id).at(0).succeeded);
  EXPECT_TRUE(last_text_to(kAlerts).contains("La plateforme ne rappellera plus")) << last_text_to(kAlerts);
}

TEST_F(CallsOfProtocols, AreNotMadeAgainAfterACrashWhereTheShopStopped) {
  const StandardWebhook webhook;
  speak(webhook);
  set_rule(kNoEdit);
  shop_server_->answer_always(410);
  const auto id = pay();
  EXPECT_FALSE(base::sync_wait(notifier_->send_notification(*message_)).again_at);
  speak(webhook);  // Died before the verdict was written: the commit that knows of the call took the message.
  EXPECT_TRUE(waiting(id, payments::kTopicNotification).empty());
  EXPECT_EQ(deliveries(id).size(), 1U);
}

class Keyless final : public SigningFormatter {
 public:
  base::Result<Call> call(const Occasion&) const override {
    return base::fail(base::ErrorCode::not_found, "the shop has no key");
  }
};

TEST_F(CallsOfProtocols, WaitWhereTheyCannotBeSigned) {
  const Keyless keyless;
  speak(keyless);
  set_rule(kNoEdit);
  const auto id = pay();
  EXPECT_TRUE(base::sync_wait(notifier_->send_notification(*message_)).again_at);
  EXPECT_EQ(calls(), 0U);
  EXPECT_TRUE(deliveries(id).empty());
}

class Patient final : public SigningFormatter {
 public:
  explicit Patient(int seconds) : seconds_(seconds) {}
  base::Result<Call> call(const Occasion& occasion) const override {
    return Call{.request = {.url = occasion.url, .time_limit = std::chrono::seconds{seconds_}},
                .judge = judge_by_2xx,
                .accepted = "2xx"};
  }

 private:
  int seconds_;
};

/// Calls nobody, and keeps what it was to send.
class KeptRequests final : public http::Client {
 public:
  base::Task<base::Result<http::IncomingResponse>> send(http::OutgoingRequest request) override {
    sent = std::move(request);
    co_return http::IncomingResponse{.status = 200, .headers = {}, .body = {}};
  }
  void stop() override {}

  http::OutgoingRequest sent;
};

TEST_F(CallsOfProtocols, EndAtTheShorterOfTwoLimits) {
  set_rule(kNoEdit);
  KeptRequests kept;
  for (const auto& [protocol_s, shorter_s] : {std::pair{20, 20}, std::pair{40, 30}}) {
    const Patient patient(protocol_s);
    Notifier notifier(env_->services(), kept, [&](std::string_view) { return &patient; }, *translator_, *mailer_,
                      {.call_limit = std::chrono::seconds{30}});
    pay();
    base::sync_wait(notifier.send_notification(*message_));
    EXPECT_EQ(kept.sent.time_limit, std::chrono::seconds{shorter_s});
  }
}

}  // namespace
}  // namespace acquit::notifications
