// Table: the rows of one table described once, and from that its columns in SQL, its binding and its reading.
//
//   constexpr db::Table kOrders("orders", &empty_order,
//                               db::column<&Order::shop>("shop_id").key(),
//                               db::column<&Order::id>("order_id").key(),
//                               db::column<&Order::total>("amount, currency"),
//                               db::text_column<parse_state, &Order::state>("state").changing(),
//                               db::column<&Order::buyer, &Buyer::mail>("mail").filterable());
//
// A path leads through parts, also through optional ones: their columns are null where the part is not there, and a
// part is there where one of its columns is not null. A text in the database that no value has is an internal error
// that names table and column. Made of plain function pointers at compile time: a row costs no memory but its own
// texts. Pure; any thread.
#pragma once

#include <array>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "db/codec.h"
#include "db/table_shape.h"

namespace acquit::db {

/// One value of T in its table; made by the functions below.
template <class T>
struct Column {
  ColumnShape shape;
  void (*bind)(const T& value, Bound& bound);
  bool (*read)(T& value, Cells& cells);

  /// Part of the primary key.
  [[nodiscard]] constexpr Column key() const { return with_role(Role::key); }
  /// Written by changes of a row, not only at its birth.
  [[nodiscard]] constexpr Column changing() const { return with_role(Role::changing); }
  /// Outsiders may ask for rows by it (listing.h).
  [[nodiscard]] constexpr Column filterable(Filters filters = Filters::equal) const {
    Column copy = *this;
    copy.shape.filters = filters;
    return copy;
  }

 private:
  [[nodiscard]] constexpr Column with_role(Role role) const {
    Column copy = *this;
    copy.shape.role = role;
    return copy;
  }
};

namespace impl {

template <class V>
struct Unwrapped {
  using type = V;
  static constexpr bool kIsOptional = false;
};
template <class V>
struct Unwrapped<std::optional<V>> {
  using type = V;
  static constexpr bool kIsOptional = true;
};

template <class Pointer>
struct Member;
template <class W, class P>
struct Member<P W::*> {
  using Whole = W;
  using Part = P;
};

/// The way from a whole to one of its parts, through optional ones too.
template <auto First, auto... Rest>
struct Path {
  using Whole = typename Member<decltype(First)>::Whole;
  using Part = typename Member<decltype(First)>::Part;
  using Next = Path<Rest...>;
  using End = typename Next::End;
  static constexpr bool kMayEnd = Unwrapped<Part>::kIsOptional || Next::kMayEnd;

  static const End* find(const Whole& whole) {
    const Part& part = whole.*First;
    if constexpr (Unwrapped<Part>::kIsOptional) {
      return part ? Next::find(*part) : nullptr;
    } else {
      return Next::find(part);
    }
  }
  static End& make(Whole& whole) {
    Part& part = whole.*First;
    if constexpr (Unwrapped<Part>::kIsOptional) {
      return Next::make(part ? *part : part.emplace());
    } else {
      return Next::make(part);
    }
  }
};
template <auto Last>
struct Path<Last> {
  using Whole = typename Member<decltype(Last)>::Whole;
  using End = typename Member<decltype(Last)>::Part;
  static constexpr bool kMayEnd = false;

  static const End* find(const Whole& whole) { return &(whole.*Last); }
  static End& make(Whole& whole) { return whole.*Last; }
};

template <class Form>
constexpr auto take_of() -> decltype(ColumnShape::take) {
  if constexpr (requires { Form::take; }) return Form::take;
  return nullptr;
}

inline void add_nulls(std::size_t count, Bound& bound) {
  for (; count > 0; --count) bound.add(nullptr);
}

/// How the value at the end of `Way` lies in a row; nothing is null.
template <class Way, class Form>
struct Access {
  using Whole = typename Way::Whole;
  using End = Unwrapped<typename Way::End>;

  static void bind(const Whole& whole, Bound& bound) {
    const auto* value = Way::find(whole);
    if (!value) return add_nulls(Form::kWidth, bound);
    if constexpr (End::kIsOptional) {
      if (!*value) return add_nulls(Form::kWidth, bound);
      Form::bind(**value, bound);
    } else {
      Form::bind(*value, bound);
    }
  }
  static bool read(Whole& whole, Cells& cells) {
    if constexpr (End::kIsOptional || Way::kMayEnd) {
      if (cells.next_is_null()) {
        cells.skip(Form::kWidth);
        return true;
      }
    }
    auto value = Form::read(cells);
    if (!value) return false;
    if constexpr (End::kIsOptional) {
      Way::make(whole) = std::move(value);
    } else {
      Way::make(whole) = *std::move(value);
    }
    return true;
  }
  static constexpr Column<Whole> column(std::string_view names) {
    return {.shape = {.names = names, .width = Form::kWidth, .take = take_of<Form>()}, .bind = &bind, .read = &read};
  }
};

template <class Way>
using End = typename Unwrapped<typename Way::End>::type;

template <class T, class V>
T whole_of(V (*)(const T&));

template <class T>
T empty() {
  return T{};
}

[[nodiscard]] std::string to_text(const Param& param);
[[nodiscard]] std::unexpected<base::Error> unknown_value(std::string_view table, std::string_view names);

}  // namespace impl

/// What a path of members leads to, in a column or, as its codec says, several ("amount, currency").
template <auto... Members>
[[nodiscard]] constexpr auto column(std::string_view names) {
  using Way = impl::Path<Members...>;
  return impl::Access<Way, Codec<impl::End<Way>>>::column(names);
}

/// What is kept as a text, read by `Parse` (AsText).
template <auto Parse, auto... Members>
[[nodiscard]] constexpr auto text_column(std::string_view name) {
  using Way = impl::Path<Members...>;
  return impl::Access<Way, AsText<Parse, impl::End<Way>>>::column(name);
}

/// A string that is null where it is empty.
template <auto... Members>
[[nodiscard]] constexpr auto null_if_empty_column(std::string_view name) {
  return impl::Access<impl::Path<Members...>, AsNullIfEmpty>::column(name);
}

/// A string that is kept as bytes.
template <auto... Members>
[[nodiscard]] constexpr auto bytes_column(std::string_view name) {
  return impl::Access<impl::Path<Members...>, AsBytes>::column(name);
}

/// What `Function` makes of the whole, a string: written to be searched for, never read.
template <auto Function>
[[nodiscard]] constexpr auto derived_column(std::string_view name) {
  using Whole = decltype(impl::whole_of(Function));
  return Column<Whole>{.shape = {.names = name, .width = 1, .take = &Codec<std::string>::take},
                       .bind = [](const Whole& whole, Bound& bound) { bound.add_copy(Function(whole)); },
                       .read =
                           [](Whole&, Cells& cells) {
                             cells.skip(1);
                             return true;
                           }};
}

template <class T, std::size_t N>
class Table {
 public:
  template <class... Columns>
  constexpr explicit Table(std::string_view name, Column<T> first, Columns... rest)
      : Table(name, &impl::empty<T>, first, rest...) {}
  /// `empty` makes the value that a row is read into, for a T that can't be made from nothing.
  template <class... Columns>
  constexpr Table(std::string_view name, T (*empty)(), Columns... columns)
      : name_(name),
        empty_(empty),
        shapes_{columns.shape...},
        binds_{columns.bind...},
        reads_{columns.read...},
        width_((columns.shape.width + ...)) {}

  /// For load_statement. Good as long as the table, which is a constant.
  constexpr operator TableShape() const { return {.name = name_, .columns = shapes_}; }

  /// All columns, for `{table.values}`; behind `extras`, for `{table.values after 1}`. `value` outlives it.
  [[nodiscard]] Bound bind(const T& value, std::initializer_list<Param> extras = {}) const {
    return Bound(extras.size() + width_, [&](Bound& bound) {
      for (const Param& extra : extras) bound.add(extra);
      for (const auto add : binds_) add(value, bound);
    });
  }
  /// `extras`, the key and what changes, for `{table.key after 1}` and `{table.changes after 1}`.
  [[nodiscard]] Bound bind_change(std::initializer_list<Param> extras, const T& value) const {
    return Bound(extras.size() + width_, [&](Bound& bound) {
      for (const Param& extra : extras) bound.add(extra);
      for (const Role role : {Role::key, Role::changing}) {
        for (std::size_t i = 0; i < N; ++i) {
          if (shapes_[i].role == role) binds_[i](value, bound);
        }
      }
    });
  }

  /// From a row's cells, the first of them at `first`. An error is internal: a damaged database, or a bug.
  [[nodiscard]] base::Result<T> read(Row row, std::size_t first = 0) const {
    T value = empty_();
    Cells cells(row, first);  // NOLINT(misc-const-correctness): each column moves on in it.
    for (std::size_t i = 0; i < N; ++i) {
      if (!reads_[i](value, cells)) return impl::unknown_value(name_, shapes_[i].names);
    }
    return value;
  }
  /// What find() found.
  [[nodiscard]] base::Result<std::optional<T>> read(base::Result<std::optional<Row>> found) const {
    ACQUIT_TRY(std::optional<Row> row, std::move(found));
    if (!row) return std::nullopt;
    return read(*std::move(row));
  }
  /// What query() gave.
  [[nodiscard]] base::Result<std::vector<T>> read(base::Result<Rows> given) const {
    ACQUIT_TRY(Rows rows, std::move(given));
    std::vector<T> values;
    values.reserve(rows.size());
    for (Row& row : rows) {
      ACQUIT_TRY(T value, read(std::move(row)));
      values.push_back(std::move(value));
    }
    return values;
  }

  /// Where a page of a listing ended: the order's columns of its last row, which are integers or ids.
  [[nodiscard]] std::string cursor(const T& last, const PageOrder& order) const {
    std::string text;
    for (const std::string_view name : order.columns) {
      const Bound bound(1, [&](Bound& place) {
        for (std::size_t i = 0; i < N; ++i) {
          if (shapes_[i].names == name) binds_[i](last, place);
        }
      });
      if (!text.empty()) text += kCursorSeparator;
      text += impl::to_text(bound.params().front());
    }
    return text;
  }

 private:
  std::string_view name_;
  T (*empty_)();
  std::array<ColumnShape, N> shapes_;
  std::array<void (*)(const T&, Bound&), N> binds_;
  std::array<bool (*)(T&, Cells&), N> reads_;
  std::size_t width_;
};
template <class T, class... Columns>
Table(std::string_view, Column<T>, Columns...) -> Table<T, 1 + sizeof...(Columns)>;
template <class T, class... Columns>
Table(std::string_view, T (*)(), Columns...) -> Table<T, sizeof...(Columns)>;

}  // namespace acquit::db
