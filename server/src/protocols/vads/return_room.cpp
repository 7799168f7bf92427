#include "protocols/vads/return_room.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace acquit::vads {
namespace {

constexpr auto kNames = std::to_array<std::string_view>(
    {"vads_action_mode", "vads_ctx_mode", "vads_currency", "vads_order_id", "vads_page_action", "vads_payment_config",
     "vads_site_id", "vads_trans_date", "vads_trans_id", "vads_version"});

// In the order in which they go: what a shop finds again by its order number first, what it cannot know last.
enum class Group : std::uint8_t { basket, delivery, buyer, others, own_texts };
constexpr std::array kOrder{Group::basket, Group::delivery, Group::buyer, Group::others, Group::own_texts};

Group group_of(std::string_view name) {
  if (name.starts_with("vads_product_") || name == "vads_nb_products") return Group::basket;
  if (name.starts_with("vads_ship_to_")) return Group::delivery;
  if (name.starts_with("vads_cust_")) return Group::buyer;
  return name.starts_with("vads_order_info") || name.starts_with("vads_ext_info_") ? Group::own_texts : Group::others;
}

}  // namespace

bool names_payment(std::string_view name) { return std::ranges::find(kNames, name) != kNames.end(); }

void make_room(base::FormFields& fields, std::size_t room, bool (*stays)(std::string_view name)) {
  for (const Group group : kOrder) {
    if (base::form_size(fields) <= room) return;
    std::erase_if(fields, [&](const auto& field) {
      return group_of(field.first) == group && !names_payment(field.first) && !stays(field.first);
    });
  }
}

}  // namespace acquit::vads
