// How a command that only reads registers itself, pages through a listing, and prints: tables for people, Protobuf's JSON
// mapping of the node's own answer for programs.
#pragma once

#include <CLI/CLI.hpp>

#include <iostream>
#include <memory>

#include "wallet/asset_book.hpp"
#include "wallet/commands/sending.hpp"
#include "wallet/message_view.hpp"

namespace moot::wallet {

struct Asker {
  const Globals& globals;
  const NodeClient& client;
};

template <class Options>
using Ask = Result<void> (*)(const Asker&, const Options&);

template <class Options>
Result<void> run_asking(const Globals& globals, const Options& options, Ask<Options> ask) {
  const auto client = connect(globals);
  if (!client) return std::unexpected(client.error());
  return ask({globals, *client}, options);
}

template <class Options, class AddOptions>
CLI::App* add_asking(CLI::App& app, Globals& globals, const CommandText& text, Ask<Options> ask,
                     AddOptions&& add_options) {
  auto options = std::make_shared<Options>();
  auto* command = app.add_subcommand(text.name, text.about);
  add_options(*command, *options);
  command->footer("Example: " + std::string(text.example));
  command->callback([&globals, options, ask] { globals.finish(run_asking(globals, *options, ask)); });
  return command;
}

// ---- listings ----

struct ListOptions {
  u64 limit = 50;
};
inline void add_limit(CLI::App& command, ListOptions& options) {
  command.add_option("--limit", options.limit, "At most so many; 0: all")
      ->type_name("COUNT")
      ->capture_default_str();
}

// Items of the message's one list.
inline int items_in(const google::protobuf::Message& page) {
  for (int i = 0; i < page.GetDescriptor()->field_count(); ++i)
    if (const auto* field = page.GetDescriptor()->field(i); field->is_repeated())
      return page.GetReflection()->FieldSize(page, field);
  return 0;
}

// Pages until there are `limit` items (0: all), merged into one answer whose next_page_token says whether more follow.
template <class Request, class Response, class Stub>
Result<Response> all_pages(const NodeClient& client,
                           grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                           Stub& stub, Request request, u64 limit) {
  constexpr u64 kPage = 1'000;
  Response all;
  do {
    const u64 left = limit == 0 ? kPage : limit - static_cast<u64>(items_in(all));
    request.set_page_size(static_cast<int>(std::min(kPage, left)));
    const auto page = client.call(method, stub, request);
    if (!page) return std::unexpected(page.error());
    all.clear_next_page_token();
    all.MergeFrom(*page);
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty() && (limit == 0 || static_cast<u64>(items_in(all)) < limit));
  return all;
}

// ---- answers ----

// Shows an answer: as JSON, or by `show` with the assets' names.
template <class Response, class Show>
Result<void> print_answer(const Asker& asker, const Result<Response>& answer, Show&& show) {
  if (!answer) return std::unexpected(answer.error());
  if (asker.globals.json) {
    print_message(std::cout, *answer);
    return {};
  }
  const auto assets = AssetBook::load(asker.client);
  if (!assets) return std::unexpected(assets.error());
  show(*answer, *assets);
  return {};
}

// A table and, where the listing was cut, a line that says so.
template <class Response>
void print_listing(const Table& table, const Response& answer, std::string_view nothing) {
  if (table.empty())
    std::cout << nothing << '\n';
  else
    table.print(std::cout);
  if (!answer.next_page_token().empty()) std::cout << "There are more; --limit 0 shows all.\n";
}

}  // namespace moot::wallet
