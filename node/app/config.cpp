#include "node/app/config.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>
#include <unistd.h>

#include <charconv>
#include <fstream>
#include <sstream>

namespace moot::node::app {
namespace {

std::string toml_text(std::string_view text) {
  std::ostringstream out;
  out << toml::value<std::string>(std::string{text});
  return out.str();
}

std::string shown(const SettingValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return toml_text(*text);
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  return std::to_string(std::get<u64>(value));
}

std::optional<SettingValue> from_node(const toml::node& node) {
  if (const auto* text = node.as_string()) return SettingValue{text->get()};
  if (const auto* flag = node.as_boolean()) return SettingValue{flag->get()};
  const auto* number = node.as_integer();
  if (number != nullptr && number->get() >= 0) return SettingValue{static_cast<u64>(number->get())};
  return std::nullopt;
}

// A variable's text, read as the type that the setting has.
std::optional<SettingValue> from_text(const std::string& text, const SettingValue& like) {
  if (std::holds_alternative<std::string>(like)) return SettingValue{text};
  if (std::holds_alternative<bool>(like)) {
    if (text == "true" || text == "false") return SettingValue{text == "true"};
    return std::nullopt;
  }
  u64 number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return SettingValue{number};
}

std::string_view wanted(const SettingValue& like) {
  if (std::holds_alternative<std::string>(like)) return "text in quotes";
  return std::holds_alternative<bool>(like) ? "true or false" : "a whole number of 0 or more";
}

class Reader {
 public:
  Reader(Config& config, std::string name) : config_(config), name_(std::move(name)) {}

  std::expected<void, std::string> file(const toml::table& root) {
    for (const auto& [section, node] : root) {
      const toml::table* table = node.as_table();
      if (!known(section.str())) return wrong(node, fmt::format("there is no section [{}]", section.str()));
      if (table == nullptr)
        return wrong(node, fmt::format("{} is a section: write [{}]", section.str(), section.str()));
      for (const auto& [key, value] : *table)
        if (auto done = one(section.str(), key.str(), value); !done) return done;
    }
    return {};
  }

  std::expected<void, std::string> variables(const Environment& environment) {
    for (const auto& [variable, text] : environment) {
      const Setting* setting = nullptr;
      bool ours = false;
      for (const Setting& row : settings()) {
        if (row.variable() == variable) setting = &row;
        ours = ours || variable.starts_with(row.variable().substr(0, row.variable().size() - row.key.size()));
      }
      if (!ours) continue;
      if (setting == nullptr)
        return std::unexpected(fmt::format(
            "environment variable {} names no setting; `mootd config show` lists them", variable));
      const auto value = from_text(text, setting->get(config_));
      if (!value)
        return std::unexpected(fmt::format(
            "environment variable {} is \"{}\", not {}", variable, text,
            std::holds_alternative<bool>(setting->get(config_)) ? "true or false" : "a whole number"));
      if (const auto set = setting->set(config_, *value); !set)
        return std::unexpected(fmt::format("environment variable {} {}", variable, set.error()));
    }
    return {};
  }

 private:
  static bool known(std::string_view section) {
    return std::ranges::any_of(settings(), [&](const Setting& row) { return row.section == section; });
  }

  std::unexpected<std::string> wrong(const toml::node& node, const std::string& what) const {
    return std::unexpected(fmt::format("{}, line {}: {}", name_, node.source().begin.line, what));
  }

  std::expected<void, std::string> one(std::string_view section, std::string_view key,
                                       const toml::node& node) {
    for (const Setting& row : settings()) {
      if (row.section != section || row.key != key) continue;
      const auto value = from_node(node);
      const auto like = row.get(config_);
      if (!value || value->index() != like.index())
        return wrong(node, fmt::format("{} is not {}", row.name(), wanted(like)));
      if (const auto set = row.set(config_, *value); !set) return wrong(node, row.name() + " " + set.error());
      return {};
    }
    return wrong(node,
                 fmt::format("there is no setting {}.{}; `mootd config show` lists them", section, key));
  }

  Config& config_;
  std::string name_;
};

}  // namespace

api::ApiOptions Config::api_options() const {
  api::ApiOptions out = api;
  for (std::string* file : {&out.tls_certificate, &out.tls_key})
    if (!file->empty()) *file = path(*file).string();
  return out;
}

std::string Setting::variable() const {
  std::string out = fmt::format("MOOT_{}_{}", section, key);
  for (char& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return out;
}

Environment process_environment() {
  Environment out;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view pair = *entry;
    const auto equals = pair.find('=');
    if (equals != std::string_view::npos) out.emplace(pair.substr(0, equals), pair.substr(equals + 1));
  }
  return out;
}

Result<std::filesystem::path> default_home(const Environment& environment) {
  if (const auto home = environment.find("MOOT_HOME"); home != environment.end() && !home->second.empty())
    return std::filesystem::absolute(home->second);
  if (const auto home = environment.find("HOME"); home != environment.end() && !home->second.empty())
    return std::filesystem::absolute(home->second) / ".moot";
  return bad_input("neither MOOT_HOME nor HOME is set: name the node's folder with --home");
}

std::filesystem::path config_file(const std::filesystem::path& home) {
  return home / "config" / "config.toml";
}

Result<Config> parse_config(std::string_view text, const std::string& name, const Environment& environment) {
  Config config;
  Reader reader(config, name);
  try {
    const toml::table root = toml::parse(text, name);
    if (const auto read = reader.file(root); !read) return bad_input(read.error());
  } catch (const toml::parse_error& error) {
    return bad_input(fmt::format("{}, line {}: {}", name, error.source().begin.line, error.description()));
  }
  if (const auto read = reader.variables(environment); !read) return bad_input(read.error());
  if (const auto checked = api::check_listening(config.api); !checked) return bad_input(checked.error());
  return config;
}

Result<Config> load_config(const std::filesystem::path& home, const Environment& environment) {
  const auto path = config_file(home);
  std::ifstream in(path);
  if (!in)
    return bad_input(fmt::format("there is no readable {}: make a node's folder with `mootd init --home {}`",
                                 path.string(), home.string()));
  std::stringstream text;
  text << in.rdbuf();
  auto config = parse_config(text.str(), path.string(), environment);
  if (!config) return config;
  config->home = home;
  if (const auto good = api::check_tls_files(config->api_options()); !good) return bad_input(good.error());
  return config;
}

std::string to_toml(const Config& config, bool comments) {
  std::string out;
  if (comments)
    out +=
        "# The settings of this node; docs/operations.md explains them. Each can be overridden by an "
        "environment\n"
        "# variable named MOOT_<SECTION>_<KEY>. Relative paths begin at the node's home folder.\n";
  std::string_view section;
  for (const Setting& row : settings()) {
    if (row.section != section) out += fmt::format("{}[{}]\n", out.empty() ? "" : "\n", row.section);
    section = row.section;
    if (comments) out += fmt::format("# {}\n", row.meaning);
    out += fmt::format("{} = {}\n", row.key, shown(row.get(config)));
  }
  return out;
}

std::string settings_table() {
  std::string out = "| setting | default | meaning |\n|---|---|---|\n";
  for (const Setting& row : settings())
    out += fmt::format("| `{}` | `{}` | {} |\n", row.name(), shown(row.get(Config{})), row.meaning);
  return out;
}

}  // namespace moot::node::app
