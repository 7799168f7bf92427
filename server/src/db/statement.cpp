#include "db/statement.h"

#include <optional>
#include <stdexcept>

#include "base/ascii.h"

namespace acquit::db {
namespace {

constexpr std::string_view kHeader = "-- :name ";

enum class Scope : std::uint8_t { both, sqlite_only, postgresql_only };

struct Header {
  std::string_view name;
  Scope scope = Scope::both;
};

[[noreturn]] void bug(std::string_view what, std::string_view where) {
  throw std::logic_error(std::string(what) + ": " + std::string(where));
}

/// The header on `line`, or nothing if it is no header.
std::optional<Header> parse_header(std::string_view line) {
  if (!line.starts_with(kHeader)) return std::nullopt;
  const std::string_view rest = base::trim(line.substr(kHeader.size()));
  const auto blank = rest.find(' ');
  if (blank == std::string_view::npos) return Header{.name = rest};
  const std::string_view engine = base::trim(rest.substr(blank));
  if (engine != "@sqlite" && engine != "@postgresql") bug("unknown engine in statement header", line);
  return Header{.name = rest.substr(0, blank),
                .scope = engine == "@sqlite" ? Scope::sqlite_only : Scope::postgresql_only};
}

std::string_view without_semicolon(std::string_view text) {
  text = base::trim(text);
  if (text.ends_with(';')) text.remove_suffix(1);
  return base::trim(text);
}

void store(std::string& target, std::string_view text, std::string_view name) {
  if (!target.empty()) bug("statement defined twice", name);
  target = text;
}

void add_block(Statement& statement, Scope scope, std::string_view body) {
  const std::string_view text = without_semicolon(body);
  if (text.empty()) bug("empty statement", statement.name);
  if (scope != Scope::postgresql_only) store(statement.sqlite, text, statement.name);
  if (scope != Scope::sqlite_only) store(statement.postgresql, text, statement.name);
}

void read_file(std::string_view content, std::string_view block, Statement& statement) {
  std::optional<Header> open;
  std::size_t body = 0;
  for (std::size_t at = 0; at <= content.size();) {
    const std::size_t end = std::min(content.find('\n', at), content.size());
    const auto header = parse_header(content.substr(at, end - at));
    if (header || end == content.size()) {
      const std::size_t stop = header ? at : content.size();
      if (open && open->name == block) add_block(statement, open->scope, content.substr(body, stop - body));
      open = header;
      body = end;
    }
    at = end + 1;
  }
}

std::string fill_one(std::string_view placeholder, std::span<const TableShape> tables, std::string_view statement) {
  if (placeholder == "conditions" || placeholder == "order") return "{" + std::string(placeholder) + "}";
  for (const TableShape& table : tables) {
    if (auto text = fill(table, placeholder)) return *std::move(text);
  }
  bug("nothing fills {" + std::string(placeholder) + "}", statement);
}

std::string fill_all(std::string_view text, std::span<const TableShape> tables, std::string_view statement) {
  std::string filled;
  for (std::size_t open = text.find('{'); open != std::string_view::npos; open = text.find('{')) {
    const std::size_t close = text.find('}', open);
    if (close == std::string_view::npos) bug("a placeholder without end", statement);
    filled += text.substr(0, open);
    filled += fill_one(text.substr(open + 1, close - open - 1), tables, statement);
    text.remove_prefix(close + 1);
  }
  return filled + std::string(text);
}

}  // namespace

Statement load_statement(std::span<const base::EmbeddedFile> files, std::string_view name,
                         std::span<const TableShape> tables) {
  const auto dot = name.find('.');
  if (dot == std::string_view::npos) bug("a statement is named <file>.<block>", name);
  const std::string path = std::string(name.substr(0, dot)) + ".sql";
  Statement statement{.name = std::string(name), .sqlite = {}, .postgresql = {}};
  for (const auto& file : files) {
    if (file.path == path) read_file(file.content, name.substr(dot + 1), statement);
  }
  if (statement.sqlite.empty() && statement.postgresql.empty()) bug("no such statement", name);
  statement.sqlite = fill_all(statement.sqlite, tables, name);
  statement.postgresql = fill_all(statement.postgresql, tables, name);
  return statement;
}

}  // namespace acquit::db
