#include "wallet/cli.hpp"
#include "wallet/secrets.hpp"

int main(int argc, char** argv) {
  moot::wallet::protect_process();
  return moot::wallet::run_cli(argc, argv);
}
