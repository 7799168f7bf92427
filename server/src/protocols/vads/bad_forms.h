// The bad forms that the entry has to refuse, each with its exact code: what to change in a good form.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/form_fields.h"

namespace acquit::vads::testing {

struct BadForm {
  std::string field;  ///< Changed, and named by the error.
  int code = 0;
  std::string value{};
  bool dropped = false;     ///< Left out instead.
  base::FormFields also{};  ///< Changed too, rightly.
};

struct LongText {
  std::string_view field;
  std::size_t max;
  int code;
  char with = 'a';
};
inline constexpr LongText kLongTexts[] = {
    {"vads_amount", 12, 9, '9'},
    {"vads_trans_id", 6, 3},
    {"vads_trans_date", 14, 4, '1'},
    {"vads_currency", 3, 10, '9'},
    {"vads_payment_config", 4096, 7},
    {"vads_capture_delay", 3, 6, '1'},
    {"vads_payment_cards", 1024, 8},
    {"vads_contracts", 255, 62},
    {"vads_contrib", 255, 31},
    {"vads_language", 35, 12},
    {"vads_available_languages", 255, 71},
    {"vads_shop_name", 127, 72},
    {"vads_theme_config", 1024, 32},
    {"vads_user_info", 255, 61},
    {"vads_payment_option_code", 255, 103},
    {"vads_order_id", 64, 13},
    {"vads_order_info", 255, 14},
    {"vads_order_info2", 255, 14},
    {"vads_order_info3", 255, 14},
    {"vads_ext_info_session", 255, 91},
    {"vads_ext_info_bil_address_complement", 250, 91},
    {"vads_ext_info_bil_gender", 1, 91, '1'},
    {"vads_nb_products", 12, 99, '1'},
    {"vads_product_label0", 255, 97},
    {"vads_product_amount1", 12, 102, '1'},
    {"vads_product_qty12", 12, 101, '1'},
    {"vads_product_ref0", 64, 100},
    {"vads_product_vat0", 12, 99, '1'},
    {"vads_insurance_amount", 12, 110, '1'},
    {"vads_shipping_amount", 12, 109, '1'},
    {"vads_tax_amount", 12, 108, '1'},
    {"vads_totalamount_vat", 12, 99, '1'},
    {"vads_cust_email", 150, 15},
    {"vads_cust_id", 63, 16},
    {"vads_cust_title", 63, 17},
    {"vads_cust_first_name", 63, 104},
    {"vads_cust_last_name", 63, 105},
    {"vads_cust_legal_name", 100, 121},
    {"vads_cust_name", 127, 18},
    {"vads_cust_phone", 32, 23},
    {"vads_cust_cell_phone", 32, 77},
    {"vads_cust_address_number", 64, 112},
    {"vads_cust_address", 255, 19},
    {"vads_cust_address2", 255, 19},
    {"vads_cust_district", 127, 113},
    {"vads_cust_zip", 64, 20},
    {"vads_cust_city", 128, 21},
    {"vads_cust_state", 127, 88},
    {"vads_cust_country", 2, 22},
    {"vads_cust_national_id", 255, 99},
    {"vads_proof_of_id_type", 64, 99},
    {"vads_proof_of_id_number", 13, 99},
    {"vads_fingerprint_id", 128, 99},
    {"vads_ship_to_first_name", 63, 106},
    {"vads_ship_to_last_name", 63, 107},
    {"vads_ship_to_name", 127, 80},
    {"vads_ship_to_legal_name", 100, 125},
    {"vads_ship_to_street", 255, 81},
    {"vads_ship_to_street2", 255, 82},
    {"vads_ship_to_street_number", 64, 114},
    {"vads_ship_to_district", 127, 115},
    {"vads_ship_to_city", 128, 83},
    {"vads_ship_to_state", 127, 84},
    {"vads_ship_to_zip", 64, 85},
    {"vads_ship_to_country", 2, 86},
    {"vads_ship_to_phone_num", 32, 87},
    {"vads_ship_to_delivery_company_name", 127, 96},
    {"vads_ship_to_user_info", 255, 116},
    {"vads_redirect_success_message", 255, 35},
    {"vads_redirect_error_message", 255, 37},
    {"vads_identifier", 50, 30},
    {"vads_subscription", 50, 63},
    {"vads_sub_desc", 255, 64},
    {"vads_sub_amount", 12, 65, '1'},
    {"vads_sub_init_amount", 12, 66, '1'},
    {"vads_threeds_cavv", 28, 52},
    {"vads_threeds_xid", 40, 54},
    {"vads_threeds_eci", 2, 53, '0'},
};

/// Texts with one character too many.
inline std::vector<BadForm> too_long() {
  std::vector<BadForm> out;
  for (const LongText& row : kLongTexts) {
    out.push_back({.field = std::string(row.field), .code = row.code, .value = std::string(row.max + 1, row.with)});
  }
  for (const auto& [field, code] : {std::pair("vads_url_return", 28),
                                    {"vads_url_check", 33},
                                    {"vads_shop_url", 73},
                                    {"vads_url_post_wallet", 99}}) {
    out.push_back({.field = field, .code = code, .value = "https://shop.example/" + std::string(1004, 'a')});
  }
  return out;
}

/// Characters or values that have no place in the field.
inline const std::vector<BadForm> kWrongSet = {
    {"vads_ctx_mode", 11, "test"},
    {"vads_ctx_mode", 11, "LIVE"},
    {"vads_version", 1, "V1"},
    {"vads_action_mode", 47, "interactive"},
    {"vads_action_mode", 47, "AUTOMATIC"},
    {"vads_page_action", 46, "PAY"},
    {"vads_payment_config", 7, "DOUBLE"},
    {"vads_amount", 9, "51.24"},
    {"vads_amount", 9, "51,24"},
    {"vads_amount", 9, "-5124"},
    {"vads_amount", 9, "05124"},
    {"vads_amount", 9, " 5124"},
    {"vads_amount", 9, "٥١٢٤"},
    {"vads_currency", 10, "EUR"},
    {"vads_currency", 10, "000"},
    {"vads_currency", 10, "048"},
    {"vads_currency", 10, "97"},
    {"vads_trans_id", 3, "12345"},
    {"vads_trans_id", 3, "12 456"},
    {"vads_trans_id", 3, "12345é"},
    {"vads_trans_id", 3, "12-456"},
    {"vads_trans_date", 4, "2023111422132"},
    {"vads_trans_date", 4, "20231314221320"},
    {"vads_trans_date", 4, "20230230221320"},
    {"vads_trans_date", 4, "20231114241320"},
    {"vads_trans_date", 4, "20231114226020"},
    {"vads_trans_date", 4, "2023-11-14T22:"},
    {"vads_capture_delay", 6, "366"},
    {"vads_capture_delay", 6, "-1"},
    {"vads_capture_delay", 6, "two"},
    {"vads_validation_mode", 5, "2"},
    {"vads_validation_mode", 5, "manual"},
    {"vads_payment_cards", 8, "CB,VISA"},
    {"vads_payment_cards", 8, "MONOPOLY"},
    {"vads_payment_cards", 8, "CB;COFIDIS_"},
    {"vads_payment_cards", 8, "_CDX"},
    {"vads_payment_cards", 8, "KADEOS_SB"},
    {"vads_payment_cards", 8, "CORA BLANCHE"},
    {"vads_contracts", 62, "CB"},
    {"vads_contrib", 31, "<b>module</b>"},
    {"vads_language", 12, "f<r"},
    {"vads_available_languages", 71, "xx;yy"},
    {"vads_available_languages", 71, "fr,en"},
    {"vads_shop_name", 72, "<script>"},
    {"vads_shop_url", 73, "javascript:alert(1)"},
    {"vads_shop_url", 73, "shop.example"},
    {"vads_theme_config", 32, "SIMPLIFIED_DISPLAY"},
    {"vads_payment_src", 60, "WEB"},
    {"vads_override_payment_cinematic", 99, "NOW"},
    {"vads_threeds_mpi", 50, "6"},
    {"vads_order_id", 13, "CMD 26"},
    {"vads_order_id", 13, "Été"},
    {"vads_order_id", 13, "CMD#26"},
    {"vads_order_info", 14, "a<b"},
    {"vads_order_info", 14, std::string("a\0b", 3)},
    {"vads_ext_info_name", 91, "a>b"},
    {"vads_ext_info_bil_address_complement", 91, "<1st floor>"},
    {"vads_ext_info_bil_date_of_birth", 91, "1980-02-30"},
    {"vads_ext_info_bil_date_of_birth", 91, "31/12/1980"},
    {"vads_ext_info_bil_date_of_birth", 91, "1980-12-31T25:00:00"},
    {"vads_ext_info_bil_date_of_birth", 91, "1980-12-31T10:00"},
    {"vads_ext_info_bil_gender", 91, "M"},
    {"vads_nb_products", 99, "two"},
    {"vads_product_label0", 97, "Coffee + milk"},
    {"vads_product_label0", 97, "\"Coffee\""},
    {"vads_product_amount0", 102, "1.50"},
    {"vads_product_qty0", 101, "x2"},
    {"vads_product_ref0", 100, "ref 1"},
    {"vads_product_type0", 98, "FOOD"},
    {"vads_product_vat0", 99, "123.4"},
    {"vads_tax_rate", 99, "20.00000"},
    {"vads_insurance_amount", 110, "01"},
    {"vads_shipping_amount", 109, "free"},
    {"vads_tax_amount", 108, "20%"},
    {"vads_cust_email", 15, "jeanne"},
    {"vads_cust_email", 15, "jeanne@shop"},
    {"vads_cust_email", 15, "jeanne@shop.example\r\nBcc: all@shop.example"},
    {"vads_cust_email", 15, "a@b@shop.example"},
    {"vads_cust_status", 92, "PERSON"},
    {"vads_cust_first_name", 104, "<Jeanne>"},
    {"vads_cust_last_name", 105, "Martin\x01"},
    {"vads_cust_country", 22, "F1"},
    {"vads_cust_antecedents", 99, "SOME"},
    {"vads_cust_account_creation_date", 99, "20230101"},
    {"vads_proof_of_id_type", 99, "ID CARD"},
    {"vads_proof_of_id_number", 99, "12-34"},
    {"vads_ship_to_country", 86, "33"},
    {"vads_ship_to_status", 93, "PERSON"},
    {"vads_ship_to_type", 94, "DRONE"},
    {"vads_ship_to_speed", 95, "SLOW"},
    {"vads_ship_to_delay", 99, "NEVER"},
    {"vads_url_return", 28, "shop.example/return"},
    {"vads_url_success", 24, "ftp://shop.example/"},
    {"vads_url_refused", 25, "https://"},
    {"vads_url_cancel", 27, "https://shop.example/a\tb"},
    {"vads_url_error", 29, "//shop.example"},
    {"vads_url_referral", 26, "https:///path"},
    {"vads_url_check", 33, "https://shop.example/\"><script>"},
    {"vads_url_post_wallet", 99, "shop.example"},
    {"vads_url_return", 28, "https://\u00e9 b.example/"},
    {"vads_url_return", 28, "https://user:secret@/return"},
    {"vads_url_return", 28, "https://shop.example;script-src/"},
    {"vads_url_return", 28, "https://shop.example:port/"},
    {"vads_url_return", 28, "https://.example/"},
    {"vads_url_return", 28, "https://[::1/"},
    {"vads_url_return", 28, "https://?a=b"},
    {"vads_return_mode", 48, "PUT"},
    {"vads_redirect_success_timeout", 34, "301"},
    {"vads_redirect_error_timeout", 36, "-5"},
    {"vads_redirect_success_message", 35, "<b>"},
    {"vads_return_get_params", 39, "no pairs"},
    {"vads_return_post_params", 38, "a=%zz"},
    {"vads_sub_currency", 67, "EUR"},
    {"vads_sub_effect_date", 69, "2023-11"},
    {"vads_sub_init_amount_number", 68, "x"},
    {"vads_threeds_enrolled", 51, "X"},
    {"vads_threeds_status", 56, "Z"},
    {"vads_threeds_cavvAlgorithm", 55, "9"},
    {"vads_card_number", 40, "4970"},
    {"vads_expiry_month", 41, "juin"},
    {"vads_expiry_year", 42, "MMXX"},
    {"vads_cvv", 43, "12"},
};

inline std::vector<BadForm> missing() {
  std::vector<BadForm> out;
  for (const auto& [field, code] : {std::pair("vads_site_id", 2),
                                    {"vads_ctx_mode", 11},
                                    {"vads_version", 1},
                                    {"vads_action_mode", 47},
                                    {"vads_page_action", 46},
                                    {"vads_payment_config", 7},
                                    {"vads_amount", 9},
                                    {"vads_currency", 10},
                                    {"vads_trans_id", 3},
                                    {"vads_trans_date", 4}}) {
    out.push_back({.field = field, .code = code, .dropped = true});
    out.push_back({.field = field, .code = code, .value = ""});
  }
  return out;
}

/// Right by themselves, but not here.
inline std::vector<BadForm> against_a_rule() {
  std::vector<BadForm> out{
      {"vads_site_id", 2, "11111111"},
      {"vads_site_id", 2, "6987635"},
      {"vads_site_id", 2, "6987635a"},
      {"vads_amount", 9, "0"},
      {"vads_amount", 9, "99"},
      {"vads_amount", 9, "10000001"},
      {"vads_currency", 10, "840"},
      {"vads_payment_cards", 8, "MAESTRO"},
      {"vads_payment_cards", 8, "PAYPAL;SDD"},
      {"vads_contracts", 62, "CB=0000000"},
      {"vads_contracts", 62, "CB=1234567", false, {{"vads_payment_cards", "MAESTRO"}}},
      {"vads_trans_date", 4, "20231113221319"},
      {"vads_trans_date", 4, "20231115221321"},
      {"vads_trans_date", 4, "19700101000000"},
      {"vads_action_mode", 47, "SILENT"},
      {"vads_action_mode", 47, "IFRAME"},
      {"vads_payment_config", 7, "MULTI:first=1000;count=3"},
      {"vads_payment_config", 7, "MULTI:count=3;first=1000;period=30"},
      {"vads_payment_config", 7, "MULTI:first=1000;count=1;period=30"},
      {"vads_payment_config", 7, "MULTI:first=1000;count=100;period=30"},
      {"vads_payment_config", 7, "MULTI:first=5124;count=3;period=30"},
      {"vads_payment_config", 7, "MULTI:first=0;count=3;period=30"},
      {"vads_payment_config", 7, "MULTI:first=1000;count=3;period=0"},
      {"vads_payment_config", 7, "MULTI:first=1000;count=3;period=366"},
      {"vads_payment_config", 7, "MULTI_EXT:20231114=5124"},
      {"vads_payment_config", 7, "MULTI_EXT:20231114=5000;20231214=123"},
      {"vads_payment_config", 7, "MULTI_EXT:20231113=5000;20231214=124"},
      {"vads_payment_config", 7, "MULTI_EXT:20231214=5000;20231114=124"},
      {"vads_payment_config", 7, "MULTI_EXT:20231114=5000;20241115=124"},
      {"vads_payment_config", 7, "MULTI_EXT:20231314=5124"},
      {"vads_order_info", 999, "4970100000000014"},
      {"vads_order_info2", 999, "card 4970 1000 0000 0014 please"},
      {"vads_order_info3", 999, "4970-1000-0000-0014"},
      {"vads_ext_info_note", 999, "374111111111111 is the card"},
      {"vads_cust_name", 999, "5555555555554444"},
      {"vads_cust_phone", 999, "4970100000000014"},
      {"vads_order_id", 999, "4970100000000014"},
      {"vads_url_return", 999, "https://shop.example/?card=4970100000000014"},
      {"vads_nobody_knows_this", 999, "4970100000000014"},
  };
  for (const std::string_view action :
       {"REGISTER", "REGISTER_UPDATE", "REGISTER_PAY", "ASK_REGISTER_PAY", "REGISTER_SUBSCRIBE",
        "REGISTER_PAY_SUBSCRIBE", "SUBSCRIBE", "REGISTER_UPDATE_PAY"}) {
    out.push_back({.field = "vads_page_action", .code = 46, .value = std::string(action)});
  }
  return out;
}

}  // namespace acquit::vads::testing
