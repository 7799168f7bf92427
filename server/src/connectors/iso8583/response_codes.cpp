#include "connectors/iso8583/response_codes.h"

#include <algorithm>
#include <array>

namespace acquit::iso8583 {
namespace {

using enum Verdict;

constexpr auto kTable = std::to_array<ResponseCode>({
    {"00", approved, "approved"},
    {"01", declined_retry, "refer to the issuer"},
    {"02", declined_retry, "refer to the issuer, special conditions"},
    {"03", our_fault, "invalid acceptor"},
    {"04", declined_final, "keep the card"},
    {"05", declined_retry, "do not honour"},
    {"06", unavailable, "error"},
    {"07", declined_final, "keep the card, special conditions"},
    {"08", unclear, "approved if the holder is identified"},
    {"09", unclear, "request in progress"},
    {"10", approved_partially, "approved for a part of the amount"},
    {"11", approved, "approved, important customer"},
    {"12", our_fault, "invalid transaction"},
    {"13", our_fault, "invalid amount"},
    {"14", declined_final, "invalid card number"},
    {"15", declined_final, "unknown issuer"},
    {"16", approved, "approved, track 3 to be updated"},
    {"17", declined_retry, "cancelled by the buyer"},
    {"18", declined_retry, "customer dispute"},
    {"19", unavailable, "repeat later"},
    {"1A", soft_decline, "authentication required (Visa)"},
    {"20", unavailable, "wrong answer in the issuer's domain"},
    {"21", our_fault, "no action taken"},
    {"22", unavailable, "suspected malfunction"},
    {"23", our_fault, "unacceptable fee"},
    {"24", our_fault, "file update not supported"},
    {"25", unknown_record, "record not found"},
    {"26", duplicate, "duplicate record"},
    {"27", our_fault, "edit error on file update"},
    {"28", our_fault, "file access denied"},
    {"29", our_fault, "file update not possible"},
    {"30", our_fault, "format error"},
    {"31", our_fault, "unknown acquirer"},
    {"32", approved_partially, "completed for a part of the amount"},
    {"33", declined_final, "card expired"},
    {"34", declined_final, "fraud suspected"},
    {"35", declined_final, "keep the card, contact the acquirer"},
    {"36", declined_final, "keep the card, restricted"},
    {"37", declined_final, "keep the card, call security"},
    {"38", declined_final, "card expired or too many PIN tries"},
    {"39", declined_final, "no credit account"},
    {"40", our_fault, "function not supported"},
    {"41", declined_final, "lost card"},
    {"42", declined_final, "no universal account"},
    {"43", declined_final, "stolen card"},
    {"44", declined_final, "no investment account"},
    {"46", declined_final, "account closed"},
    {"51", declined_retry, "insufficient funds"},
    {"52", declined_final, "no cheque account"},
    {"53", declined_final, "no savings account"},
    {"54", declined_final, "card expired"},
    {"55", declined_retry, "wrong PIN"},
    {"56", declined_final, "card not on file"},
    {"57", declined_final, "not permitted to this holder"},
    {"58", our_fault, "not permitted to this terminal"},
    {"59", declined_final, "fraud suspected"},
    {"60", our_fault, "the acceptor must contact the acquirer"},
    {"61", declined_retry, "above the withdrawal limit"},
    {"62", declined_final, "restricted card"},
    {"63", declined_final, "security rules not met"},
    {"64", our_fault, "original amount incorrect"},
    {"65", soft_decline, "authentication required (Mastercard)"},
    {"66", our_fault, "call the acquirer's security"},
    {"67", declined_final, "keep the card"},
    {"68", unclear, "no answer or too late"},
    {"6P", declined_final, "identity not verified (Visa)"},
    {"70", declined_retry, "contact the issuer (Mastercard)"},
    {"75", declined_final, "PIN tries exceeded"},
    {"76", declined_final, "card already blocked"},
    {"78", declined_final, "blocked at first use (Visa)"},
    {"79", declined_final, "life cycle (Mastercard)"},
    {"80", declined_retry, "contactless refused by the issuer"},
    {"81", soft_decline, "authentication required"},
    {"82", declined_final, "recurring payments revoked for this merchant"},
    {"83", declined_final, "all recurring payments of the card revoked"},
    {"85", verified, "no reason to decline"},
    {"86", declined_retry, "PIN can't be checked"},
    {"87", approved_partially, "approved for the purchase without the cash"},
    {"88", unavailable, "cryptographic failure"},
    {"89", our_fault, "unacceptable terminal"},
    {"90", unavailable, "temporary shutdown"},
    {"91", unavailable, "issuer unreachable"},
    {"92", our_fault, "no route to the issuer"},
    {"93", declined_final, "can't be completed, violation of law"},
    {"94", duplicate, "duplicate request"},
    {"95", our_fault, "reconcile error"},
    {"96", unavailable, "system malfunction"},
    {"97", unclear, "global timer expired"},
    {"98", unavailable, "server unavailable"},
    {"99", unavailable, "incident in the initiator's domain"},
    {"A1", soft_decline, "authentication required"},
    {"N7", declined_final, "security code wrong (Visa)"},
    {"R1", declined_final, "recurring payments revoked for this merchant"},
    {"R3", declined_final, "all recurring payments of the card revoked"},
});

static_assert(std::ranges::adjacent_find(kTable, std::ranges::greater_equal{}, &ResponseCode::code) == kTable.end(),
              "codes ascend, none twice");

}  // namespace

std::span<const ResponseCode> response_code_table() { return kTable; }

Verdict verdict_of(std::string_view code) {
  const auto row = std::ranges::lower_bound(kTable, code, {}, &ResponseCode::code);
  return row != kTable.end() && row->code == code ? row->verdict : unclear;
}

}  // namespace acquit::iso8583
