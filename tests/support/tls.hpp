// A certificate that signs itself, of localhost and 127.0.0.1, good for a hundred years, and its key.
#pragma once

namespace moot::test {

inline constexpr const char* kTestKey = R"(-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg55TkUeUoERgWy3Aw
C9Nd7rAIH3A773c6eq4NT1H5AMihRANCAAQ5zssQu4SO50uqa15YYq+if+S8FMU+
4fehXmj/ro4ruE5j3G99NDMdl/3KtnWo93sGMiLzSVa54VOwUwXlF8B8
-----END PRIVATE KEY-----
)";
inline constexpr const char* kTestCertificate = R"(-----BEGIN CERTIFICATE-----
MIIBnDCCAUGgAwIBAgIUK163gEaZTTstINY7nySR8YhKriwwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMzIzMDIwN1oYDzIxMjYxMDMw
MjMwMjA3WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQ5zssQu4SO50uqa15YYq+if+S8FMU+4fehXmj/ro4ruE5j3G99NDMd
l/3KtnWo93sGMiLzSVa54VOwUwXlF8B8o28wbTAdBgNVHQ4EFgQUtMnwkfNnyIu4
YGIgWrB9XLgHQ1YwHwYDVR0jBBgwFoAUtMnwkfNnyIu4YGIgWrB9XLgHQ1YwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSQAwRgIhAKlJeoUbBCaw2oXdwd0nmHcSsSOlx9D/gT8E0CZSvqwHAiEA
rU0z9OL+TAyIPWABVZ51vTfGOwdDlrDoEkMct5/8Gek=
-----END CERTIFICATE-----
)";

}  // namespace moot::test
