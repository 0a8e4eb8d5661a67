# The English list of BIP-39, from Debian's python3-mnemonic: a published constant that recovery words are made of. Its
# digest is checked here, and the wallet embeds it as bip39_words.inc.

set(MOOT_BIP39_WORDS /usr/lib/python3/dist-packages/mnemonic/wordlist/english.txt
  CACHE FILEPATH "The English word list of BIP-39")
set(moot_bip39_sha256 2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda)

function(moot_embed_word_list target)
  if(NOT TARGET ${target})
    return()
  endif()
  if(NOT EXISTS "${MOOT_BIP39_WORDS}")
    message(FATAL_ERROR "No BIP-39 word list at ${MOOT_BIP39_WORDS}: install python3-mnemonic (scripts/setup does).")
  endif()
  file(SHA256 "${MOOT_BIP39_WORDS}" digest)
  if(NOT digest STREQUAL moot_bip39_sha256)
    message(FATAL_ERROR "${MOOT_BIP39_WORDS} is not the English list of BIP-39: its SHA-256 is ${digest}.")
  endif()
  file(STRINGS "${MOOT_BIP39_WORDS}" words)
  list(TRANSFORM words REPLACE "(.+)" "\"\\1\",")
  list(JOIN words "\n" text)
  file(CONFIGURE OUTPUT "${CMAKE_BINARY_DIR}/generated/bip39_words.inc" CONTENT "${text}\n" @ONLY)
  target_include_directories(${target} PRIVATE "${CMAKE_BINARY_DIR}/generated")
endfunction()
