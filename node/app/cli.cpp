#include "node/app/cli.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <ostream>

#include "genesis/summary.hpp"
#include "node/app/application.hpp"
#include "node/app/doctor.hpp"
#include "node/app/files.hpp"
#include "node/app/genesis_file.hpp"
#include "node/app/init.hpp"
#include "node/app/version.hpp"

namespace moot::node::app {
namespace {

constexpr const char* kAbout =
    "mootd: the node of a co-operative's ledger. It keeps the ledger, makes its blocks when its key is the\n"
    "validator's, and serves wallets and auditors. `moot` is the wallet.";

// What every command may need, and how the chosen one ended.
struct Session {
  const Environment& environment;
  const Streams& streams;
  std::string home;  // --home
  Result<void> done;

  [[nodiscard]] Result<std::filesystem::path> home_folder() const {
    if (!home.empty()) return std::filesystem::absolute(home);
    return default_home(environment);
  }
  [[nodiscard]] Result<Config> config() const { return config(environment); }
  [[nodiscard]] Result<Config> config(const Environment& over) const {
    const auto folder = home_folder();
    if (!folder) return std::unexpected(folder.error());
    return load_config(*folder, over);
  }
};

struct StartFlags {
  bool allow_clock_behind = false;
  std::string listen;
};

// The flag stands over everything, so what it makes of the configuration is checked in place of what the file says.
Result<Environment> with_listen(Environment environment, const std::string& listen) {
  if (listen.empty()) return environment;
  for (const Setting& row : settings()) {
    if (row.name() != "api.listen") continue;
    Config alone;
    if (const auto set = row.set(alone, listen); !set) return bad_input("--listen " + set.error());
    environment[row.variable()] = listen;
  }
  return environment;
}

Result<void> start(const Session& session, const StartFlags& flags) {
  block_stop_signals();  // before anything starts a thread, which checking TLS files does
  const auto environment = with_listen(session.environment, flags.listen);
  if (!environment) return std::unexpected(environment.error());
  auto config = session.config(*environment);
  if (!config) return std::unexpected(config.error());
  config->node.allow_clock_behind = config->node.allow_clock_behind || flags.allow_clock_behind;
  auto app = Application::start(*config);
  if (!app) return std::unexpected(app.error());
  session.streams.out << (*app)->ready_line() << std::endl;
  (*app)->run();
  return {};
}

void add_init(CLI::App& app, Session& session) {
  auto options = std::make_shared<InitOptions>();
  auto genesis = std::make_shared<std::string>();
  auto* command = app.add_subcommand("init", "Make a node's home folder: configuration, key, data");
  auto* file =
      command->add_option("--genesis", *genesis, "The ledger's genesis, to be copied")->type_name("FILE");
  auto* devnet =
      command->add_flag("--devnet", options->devnet, "Make a ledger of one person, to try things out")
          ->excludes(file);
  command->add_option("--organisation", options->organisation, "The devnet's name")
      ->type_name("NAME")
      ->needs(devnet);
  command->callback([&session, options, genesis] {
    const auto home = session.home_folder();
    if (!home) {
      session.done = std::unexpected(home.error());
      return;
    }
    options->home = *home;
    if (!genesis->empty()) options->genesis = *genesis;
    session.done = init(*options, SystemClock(), session.streams.out);
  });
}

void add_start(CLI::App& app, Session& session) {
  auto flags = std::make_shared<StartFlags>();
  auto* command = app.add_subcommand("start", "Run the node until SIGTERM or SIGINT");
  command->add_flag("--allow-clock-behind", flags->allow_clock_behind,
                    "Start although the machine's clock is behind the newest block");
  command->add_option("--listen", flags->listen, "Address for clients, instead of api.listen")
      ->type_name("HOST:PORT");
  command->footer(
      "When it serves, it prints one line to standard output: ready address=… ledger=… height=… "
      "validating=…\n"
      "pid=…. Its log goes to standard error.");
  command->callback([&session, flags] { session.done = start(session, *flags); });
}

void add_config(CLI::App& app, Session& session) {
  auto* config = app.add_subcommand("config", "Look at the configuration")->require_subcommand(1);
  config->add_subcommand("check", "Check the configuration and say what is wrong")->callback([&session] {
    const auto read = session.config();
    if (!read)
      session.done = std::unexpected(read.error());
    else
      session.streams.out << config_file(read->home).string() << " is good\n";
  });
  config->add_subcommand("show", "Print every setting as it is in force, as TOML")->callback([&session] {
    const auto read = session.config();
    if (!read)
      session.done = std::unexpected(read.error());
    else
      session.streams.out << to_toml(*read, false);
  });
}

void add_genesis(CLI::App& app, Session& session) {
  auto* group = app.add_subcommand("genesis", "Check and name the file that a ledger begins with")
                    ->require_subcommand(1);
  const auto with_file = [&session, group](const char* name, const char* about, auto print) {
    auto file = std::make_shared<std::string>();
    auto* command = group->add_subcommand(name, about);
    command->add_option("FILE", *file, "A genesis")->required();
    command->callback([&session, file, print] {
      const auto read = read_genesis(*file);
      if (!read)
        session.done = std::unexpected(read.error());
      else
        print(*read, session.streams.out);
    });
  };
  with_file("check", "Check a genesis strictly and sum it up",
            [](const ledger::Genesis& read, std::ostream& out) {
              for (const auto& [title, value] : genesis::summary(read))
                out << fmt::format("{:<13} {}\n", title, value);
            });
  with_file("id", "Print the ledger's id",
            [](const ledger::Genesis& read, std::ostream& out) { out << genesis::id_text(read) << "\n"; });
  group->footer("`moot genesis new` makes one.");
}

void add_doctor_and_help(CLI::App& app, Session& session) {
  app.add_subcommand("doctor", "Check a stopped node's folder, changing nothing")->callback([&session] {
    const auto config = session.config();
    session.done =
        config ? doctor(*config, session.streams.out) : Result<void>(std::unexpected(config.error()));
  });
  auto* help = app.add_subcommand("help", "Explain a topic")->require_subcommand(1);
  help->add_subcommand("exit-codes", "The numbers that mootd can end with")->callback([&session] {
    for (const ExitCodeMeaning& row : exit_code_table())
      session.streams.out << fmt::format("{:>3}  {}\n", static_cast<int>(row.code), row.meaning);
  });
  help->add_subcommand("settings", "What config.toml may hold, as a table")->callback([&session] {
    session.streams.out << settings_table();
  });
}

}  // namespace

int run_cli(int argc, const char* const* argv, const Environment& environment, const Streams& streams) {
  Session session{.environment = environment, .streams = streams, .home = {}, .done = {}};
  CLI::App app{kAbout, "mootd"};
  app.set_version_flag("--version", std::string{"mootd "} + kVersion);
  app.add_option("--home", session.home, "The node's folder (MOOT_HOME; left out: ~/.moot)")
      ->type_name("DIR");
  app.fallthrough();
  add_init(app, session);
  add_start(app, session);
  add_config(app, session);
  add_genesis(app, session);
  add_doctor_and_help(app, session);
  try {
    app.parse(argc, argv);
    if (app.get_subcommands().empty()) throw CLI::RequiredError("a command");
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error, streams.out, streams.err);  // --help, --version
    streams.err << "mootd: " << error.what() << "; `mootd --help` lists what there is\n";
    return static_cast<int>(ExitCode::usage);
  } catch (const std::exception& error) {
    streams.err << "mootd: " << error.what() << "\n";
    return static_cast<int>(ExitCode::failed);
  }
  if (session.done) return static_cast<int>(ExitCode::ok);
  streams.err << "mootd: " << session.done.error().text << "\n";
  return static_cast<int>(session.done.error().code);
}

}  // namespace moot::node::app
