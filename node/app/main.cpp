#include <iostream>

#include "node/app/cli.hpp"

int main(int argc, char** argv) {
  return moot::node::app::run_cli(argc, argv, moot::node::app::process_environment(), {std::cout, std::cerr});
}
