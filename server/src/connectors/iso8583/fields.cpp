#include "connectors/iso8583/fields.h"

#include <array>

namespace acquit::iso8583 {
namespace {

using enum Kind;
using enum Length;
using enum Privacy;

constexpr auto kTable = std::to_array<FieldSpec>({
    {2, "primary account number", n, ll, 19, card_number},
    {3, "processing code", n, fixed, 6},
    {4, "amount, transaction", n, fixed, 12},
    {5, "amount, settlement", n, fixed, 12},
    {6, "amount, cardholder billing", n, fixed, 12},
    {7, "transmission date and time", n, fixed, 10},
    {8, "amount, cardholder billing fee", n, fixed, 8},
    {9, "conversion rate, settlement", n, fixed, 8},
    {10, "conversion rate, cardholder billing", n, fixed, 8},
    {11, "system trace audit number", n, fixed, 6},
    {12, "time, local transaction", n, fixed, 6},
    {13, "date, local transaction", n, fixed, 4},
    {14, "date, expiration", n, fixed, 4, hidden},
    {15, "date, settlement", n, fixed, 4},
    {16, "date, conversion", n, fixed, 4},
    {17, "date, capture", n, fixed, 4},
    {18, "merchant category code", n, fixed, 4},
    {19, "country, acquirer", n, fixed, 3},
    {20, "country, account number", n, fixed, 3},
    {21, "country, forwarding institution", n, fixed, 3},
    {22, "point of service entry mode", n, fixed, 3},
    {23, "card sequence number", n, fixed, 3},
    {24, "network international identifier", n, fixed, 3},
    {25, "point of service condition", n, fixed, 2},
    {26, "point of service capture code", n, fixed, 2},
    {27, "authorisation code length", n, fixed, 1},
    {28, "fee, transaction", x_n, fixed, 9},
    {29, "fee, settlement", x_n, fixed, 9},
    {30, "fee, transaction processing", x_n, fixed, 9},
    {31, "fee, settlement processing", x_n, fixed, 9},
    {32, "acquiring institution", n, ll, 11},
    {33, "forwarding institution", n, ll, 11},
    {34, "primary account number, extended", ans, ll, 28, hidden},
    {35, "track 2 data", z, ll, 37, hidden},
    {36, "track 3 data", z, lll, 104, hidden},
    {37, "retrieval reference number", an, fixed, 12},
    {38, "authorisation code", an, fixed, 6},
    {39, "response code", an, fixed, 2},
    {40, "service restriction code", an, fixed, 3},
    {41, "card acceptor terminal", ans, fixed, 8},
    {42, "card acceptor", ans, fixed, 15},
    {43, "card acceptor name and location", ans, fixed, 40},
    {44, "additional response data", ans, ll, 99},
    {45, "track 1 data", ans, ll, 76, hidden},
    {46, "additional data, ISO", free, lll, 999, hidden},
    {47, "additional data, national", free, lll, 999, hidden},
    {48, "additional data, private", free, lll, 999, hidden},
    {49, "currency, transaction", n, fixed, 3},
    {50, "currency, settlement", n, fixed, 3},
    {51, "currency, cardholder billing", n, fixed, 3},
    {52, "PIN data", b, fixed, 8, hidden},
    {53, "security control information", n, fixed, 16, hidden},
    {54, "additional amounts", ans, lll, 120},
    {55, "chip data", b, lll, 999, hidden},
    {56, "reserved, ISO", free, lll, 999, hidden},
    {57, "reserved, national", free, lll, 999, hidden},
    {58, "reserved, national", free, lll, 999, hidden},
    {59, "reserved, national", free, lll, 999, hidden},
    {60, "reserved, national", free, lll, 999, hidden},
    {61, "reserved, private", free, lll, 999, hidden},
    {62, "reserved, private", free, lll, 999, hidden},
    {63, "reserved, private", free, lll, 999, hidden},
    {64, "message authentication code", b, fixed, 8, hidden},
    {66, "settlement code", n, fixed, 1},
    {67, "extended payment code", n, fixed, 2},
    {68, "country, receiving institution", n, fixed, 3},
    {69, "country, settlement institution", n, fixed, 3},
    {70, "network management code", n, fixed, 3},
    {71, "message number", n, fixed, 4},
    {72, "message number, last", n, fixed, 4},
    {73, "date, action", n, fixed, 6},
    {74, "number of credits", n, fixed, 10},
    {75, "number of credits, reversal", n, fixed, 10},
    {76, "number of debits", n, fixed, 10},
    {77, "number of debits, reversal", n, fixed, 10},
    {78, "number of transfers", n, fixed, 10},
    {79, "number of transfers, reversal", n, fixed, 10},
    {80, "number of inquiries", n, fixed, 10},
    {81, "number of authorisations", n, fixed, 10},
    {82, "amount of credits, processing fee", n, fixed, 12},
    {83, "amount of credits, transaction fee", n, fixed, 12},
    {84, "amount of debits, processing fee", n, fixed, 12},
    {85, "amount of debits, transaction fee", n, fixed, 12},
    {86, "amount of credits", n, fixed, 16},
    {87, "amount of credits, reversal", n, fixed, 16},
    {88, "amount of debits", n, fixed, 16},
    {89, "amount of debits, reversal", n, fixed, 16},
    {90, "original data elements", n, fixed, 42},
    {91, "file update code", an, fixed, 1},
    {92, "file security code", an, fixed, 2},
    {93, "response indicator", an, fixed, 5},
    {94, "service indicator", an, fixed, 7},
    {95, "replacement amounts", an, fixed, 42},
    {96, "message security code", b, fixed, 8, hidden},
    {97, "amount, net settlement", x_n, fixed, 17},
    {98, "payee", ans, fixed, 25},
    {99, "settlement institution", n, ll, 11},
    {100, "receiving institution", n, ll, 11},
    {101, "file name", ans, ll, 17},
    {102, "account 1", ans, ll, 28, hidden},
    {103, "account 2", ans, ll, 28, hidden},
    {104, "transaction description", free, lll, 100},
    {105, "reserved, ISO", free, lll, 999, hidden},
    {106, "reserved, ISO", free, lll, 999, hidden},
    {107, "reserved, ISO", free, lll, 999, hidden},
    {108, "reserved, ISO", free, lll, 999, hidden},
    {109, "reserved, ISO", free, lll, 999, hidden},
    {110, "reserved, ISO", free, lll, 999, hidden},
    {111, "reserved, ISO", free, lll, 999, hidden},
    {112, "reserved, national", free, lll, 999, hidden},
    {113, "reserved, national", free, lll, 999, hidden},
    {114, "reserved, national", free, lll, 999, hidden},
    {115, "reserved, national", free, lll, 999, hidden},
    {116, "reserved, national", free, lll, 999, hidden},
    {117, "reserved, national", free, lll, 999, hidden},
    {118, "reserved, national", free, lll, 999, hidden},
    {119, "reserved, national", free, lll, 999, hidden},
    {120, "reserved, private", free, lll, 999, hidden},
    {121, "reserved, private", free, lll, 999, hidden},
    {122, "reserved, private", free, lll, 999, hidden},
    {123, "reserved, private", free, lll, 999, hidden},
    {124, "reserved, private", free, lll, 999, hidden},
    {125, "reserved, private", free, lll, 999, hidden},
    {126, "reserved, private", free, lll, 999, hidden},
    {127, "reserved, private", free, lll, 999, hidden},
    {128, "message authentication code 2", b, fixed, 8, hidden},
});

// Row of each element, by number; kNone where there is none.
constexpr std::uint8_t kNone = 255;

constexpr auto kRowOf = [] {
  std::array<std::uint8_t, kLastField + 1> rows{};
  rows.fill(kNone);
  for (std::size_t i = 0; i < kTable.size(); ++i) {
    rows[static_cast<std::size_t>(kTable[i].number)] = static_cast<std::uint8_t>(i);
  }
  return rows;
}();

constexpr bool well_formed() {
  for (std::size_t i = 0; i < kTable.size(); ++i) {
    const FieldSpec& row = kTable[i];
    if (i > 0 && row.number <= kTable[i - 1].number) return false;
    if (row.max == 0 || (row.length == ll && row.max > 99) || (row.length == lll && row.max > 999)) return false;
  }
  return kTable.size() == kLastField - 2;
}
static_assert(well_formed(), "rows ascend, lengths fit their prefix, and only DE 1 and 65 are missing");

}  // namespace

std::span<const FieldSpec> field_table() { return kTable; }

const FieldSpec* find_field(int number) {
  if (number < 0 || number > kLastField) return nullptr;
  const std::uint8_t row = kRowOf[static_cast<std::size_t>(number)];
  return row == kNone ? nullptr : &kTable[row];
}

}  // namespace acquit::iso8583
