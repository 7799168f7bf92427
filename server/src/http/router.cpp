#include "http/router.h"

#include <map>
#include <optional>
#include <stdexcept>
#include <utility>

#include "base/list.h"

namespace acquit::http {
namespace {

constexpr std::string_view kRest = "*";

struct Leaf {
  ListedRoute listed;
  std::vector<std::string> names;  // Of the {name} segments, in order; routes that share a branch may name them apart.
  Handler handler;
};

base::Task<Response> answer(Response response) { co_return response; }

}  // namespace

struct Router::Branch {
  std::map<std::string, std::unique_ptr<Branch>, std::less<>> literal;
  std::unique_ptr<Branch> any;   // A {name} segment.
  std::unique_ptr<Branch> rest;  // "*", which ends a pattern.
  std::map<Method, Leaf> leaves;

  static Branch& below(std::unique_ptr<Branch>& child) {
    if (!child) child = std::make_unique<Branch>();
    return *child;
  }

  // The branch of `path` (what follows the last '/' taken), and the values of its names. A literal that leads nowhere
  // gives way to {name}, and that to "*".
  const Branch* find(std::string_view path, std::vector<std::string_view>& values) const {
    const std::size_t slash = path.find('/');
    const std::string_view segment = path.substr(0, slash);
    const auto go_on = [&](const Branch& branch) -> const Branch* {
      if (slash != std::string_view::npos) return branch.find(path.substr(slash + 1), values);
      return branch.leaves.empty() ? nullptr : &branch;
    };
    if (const auto child = literal.find(segment); child != literal.end()) {
      if (const Branch* found = go_on(*child->second)) return found;
    }
    if (any && !segment.empty()) {
      values.push_back(segment);
      if (const Branch* found = go_on(*any)) return found;
      values.pop_back();
    }
    if (!rest) return nullptr;
    values.push_back(path);
    return rest.get();
  }

  const Branch* find_path(std::string_view path, std::vector<std::string_view>& values) const {
    return path.starts_with('/') ? find(path.substr(1), values) : nullptr;
  }

  // HEAD is answered by GET where it has no route of its own.
  const Leaf* leaf_of(Method method) const {
    auto found = leaves.find(method);
    if (method == Method::head && found == leaves.end()) found = leaves.find(Method::get);
    return found == leaves.end() ? nullptr : &found->second;
  }

  void list(std::vector<ListedRoute>& out) const {
    for (const auto& [method, leaf] : leaves) {
      out.push_back(leaf.listed);
    }
    for (const auto& child : literal) child.second->list(out);
    if (any) any->list(out);
    if (rest) rest->list(out);
  }
};

Router::Router() : root_(std::make_unique<Branch>()) {}
Router::~Router() = default;
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;

void Router::insert(ListedRoute listed, Handler handler) {
  const std::string pattern = listed.route.pattern;
  const Method method = listed.route.method;
  const auto bug = [&](const char* what) { throw std::logic_error("route \"" + pattern + "\" " + what); };
  if (!pattern.starts_with('/')) bug("must begin with /");
  Branch* branch = root_.get();
  Leaf leaf{.listed = std::move(listed), .names = {}, .handler = std::move(handler)};
  const auto segments = base::split(std::string_view(pattern).substr(1), '/');
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const std::string_view segment = segments[i];
    if (segment == kRest) {
      if (i + 1 != segments.size()) bug("has something after *");
      leaf.names.emplace_back(kRest);
      branch = &Branch::below(branch->rest);
    } else if (segment.starts_with('{') && segment.ends_with('}') && segment.size() > 2) {
      leaf.names.emplace_back(segment.substr(1, segment.size() - 2));
      branch = &Branch::below(branch->any);
    } else if (segment.find_first_of("{}*") != std::string_view::npos) {
      bug("has a segment that is neither a literal, {name} nor *");
    } else {
      branch = &Branch::below(branch->literal[std::string(segment)]);
    }
  }
  if (!branch->leaves.try_emplace(method, std::move(leaf)).second) bug("is there twice");
}

base::Task<Response> Router::route(Request request) const {
  std::vector<std::string_view> values;
  const std::string path = request.path;  // Values point into it, also once the request has moved on.
  const Branch* branch = root_->find_path(path, values);
  if (!branch) return answer(Response::text(404, "not found: no such page\n"));
  const Leaf* const leaf = branch->leaf_of(request.method);
  if (leaf == nullptr) {
    std::string allow;
    for (const auto& [method, other] : branch->leaves) {
      base::append_part(allow, to_string(method), ", ");
      if (method == Method::get && !branch->leaves.contains(Method::head)) allow += ", HEAD";
    }
    return answer(
        Response::text(405, "method not allowed: this page takes " + allow + "\n").with_header("allow", allow));
  }
  for (std::size_t i = 0; i < values.size(); ++i) request.path_params[leaf->names[i]] = std::string(values[i]);
  return leaf->handler(std::move(request));
}

std::optional<std::size_t> Router::body_max_of(Method method, std::string_view path) const {
  std::vector<std::string_view> values;
  const Branch* branch = root_->find_path(path, values);
  const Leaf* const leaf = branch == nullptr ? nullptr : branch->leaf_of(method);
  return leaf == nullptr ? std::nullopt : std::optional(leaf->listed.route.body_max);
}

std::vector<ListedRoute> Router::routes() const {
  std::vector<ListedRoute> all;
  root_->list(all);
  return all;
}

}  // namespace acquit::http
