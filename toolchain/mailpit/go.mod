module slipway/toolchain/mailpit

go 1.26

require github.com/axllent/mailpit v1.27.11
