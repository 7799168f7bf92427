#include "web/pay_flow/card_page.h"

#include "base/base64.h"
#include "base/bytes.h"
#include "base/form_fields.h"
#include "base/list.h"
#include "base/number.h"

namespace acquit::web {
namespace {

constexpr std::size_t kHolderMaxBytes = 240;  // 60 characters.
constexpr std::size_t kSealedMax = 2000;

std::string context_of(const payments::PaymentId& payment) { return "card page " + payment.hex(); }

// "0:1": a field and what is wrong with it.
std::optional<pages::CardError> parse_error(std::string_view text) {
  const auto parts = base::split(text, ':');
  if (parts.size() != 2) return std::nullopt;
  const auto field = base::parse_int<int>(parts[0]);
  const auto problem = base::parse_int<int>(parts[1]);
  const bool known = field && problem && *field >= 0 && *field <= static_cast<int>(pages::CardField::card_holder) &&
                     *problem >= 0 && *problem <= static_cast<int>(pages::CardProblem::past);
  if (!known) return std::nullopt;
  return pages::CardError{.field = static_cast<pages::CardField>(*field),
                          .problem = static_cast<pages::CardProblem>(*problem)};
}

std::optional<pages::Refusal> parse_refusal(std::string_view text, std::string_view again_in_minutes) {
  const auto reason = base::parse_int<int>(text);
  if (!reason || *reason < 0 || *reason > static_cast<int>(pages::RefusalReason::technical)) return std::nullopt;
  return pages::Refusal{.reason = static_cast<pages::RefusalReason>(*reason),
                        .attempts_left = std::nullopt,
                        .again_in_minutes = base::parse_int<int>(again_in_minutes)};
}

}  // namespace

std::string seal_card_page(const platform::Vault& vault, const payments::PaymentId& payment, const CardPage& page) {
  std::string errors;
  for (const pages::CardError& error : page.errors) {
    errors += errors.empty() ? "" : " ";
    errors += std::to_string(static_cast<int>(error.field)) + ":" + std::to_string(static_cast<int>(error.problem));
  }
  base::FormFields fields{{"brand", page.brand},
                          {"errors", errors},
                          {"expiry", page.expiry},
                          {"holder", page.holder.size() <= kHolderMaxBytes ? page.holder : std::string()}};
  if (page.refusal) fields.emplace_back("refusal", std::to_string(static_cast<int>(page.refusal->reason)));
  if (page.refusal && page.refusal->again_in_minutes) {
    fields.emplace_back("again_in_minutes", std::to_string(*page.refusal->again_in_minutes));
  }
  const std::string sealed = vault.seal_text(context_of(payment), base::to_form(fields));
  return base::to_base64url(base::as_bytes(sealed));
}

std::optional<CardPage> open_card_page(const platform::Vault& vault, const payments::PaymentId& payment,
                                       std::string_view sealed) {
  if (sealed.empty() || sealed.size() > kSealedMax) return std::nullopt;
  const auto raw = base::from_base64url(sealed);
  if (!raw) return std::nullopt;
  const auto text = vault.open_text(context_of(payment), *raw);
  if (!text) return std::nullopt;
  const auto fields = base::parse_form(*text);
  if (!fields) return std::nullopt;
  CardPage page{
      .brand = std::string(base::field_of(*fields, "brand")),
      .errors = {},
      .expiry = std::string(base::field_of(*fields, "expiry")),
      .holder = std::string(base::field_of(*fields, "holder")),
      .refusal = parse_refusal(base::field_of(*fields, "refusal"), base::field_of(*fields, "again_in_minutes"))};
  for (const std::string_view error : base::split(base::field_of(*fields, "errors"), ' ')) {
    if (const auto read = parse_error(error)) page.errors.push_back(*read);
  }
  return page;
}

}  // namespace acquit::web
