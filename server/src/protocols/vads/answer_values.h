// Single values of the answer that take more than a look at the transaction (answer.h puts them into their fields).
//
// Texts are empty where there is nothing to say. Pure; any thread.
#pragma once

#include <string>

#include "merchants/shop.h"
#include "payments/nouns/payment.h"

namespace acquit::vads {

/// vads_presentation_date: the moment of creation, moved by the days until capture on the shop's calendar. Without a
/// delay it is the date of creation to the second, as real gateways say it and shops compare it.
[[nodiscard]] std::string presentation_date(const merchants::Shop& shop, const payments::Transaction& transaction);

/// vads_threeds_xid: 28 characters of base64, which is what fields for it hold. The directory's id of a transaction is
/// a UUID: its 16 bytes behind four zero bytes, so that it can be had back. What a shop brought itself stays as it is.
[[nodiscard]] std::string threeds_xid(const std::string& ds_transaction_id);

/// vads_threeds_exit_status: how far the authentication came.
[[nodiscard]] std::string threeds_exit_status(const payments::AuthenticationResult& result);
/// vads_threeds_error_code: the exit status of one that did not come to its end.
[[nodiscard]] std::string threeds_error_code(const payments::AuthenticationResult& result);

/// What the shop's own rules said of the card.
struct RiskSaid {
  std::string control;       ///< vads_risk_control: a control and its result.
  std::string assessment;    ///< vads_risk_assessment_result.
  std::string extra_result;  ///< vads_extra_result: 00 all controls passed, 03 the card is on the shop's list.
};
[[nodiscard]] RiskSaid risk_said(const payments::Transaction& transaction);

}  // namespace acquit::vads
