@echo off
rem Builds everything and runs every test.
rem
rem   test.cmd                all tests, the numeric ones again under the narrowest kernels, and the format check
rem   test.cmd Tokenizers     the tests whose full name contains it (spaces match the underscores of a name)
rem
rem NO_FORMAT=1 leaves out the format check, NO_NARROW=1 the narrowest kernels.
rem The last line is `N passed, N failed, N skipped`. What it does is in scripts\Checks.
setlocal
call "%~dp0scripts\start.cmd" build_checks
if errorlevel 1 exit /b 1
dotnet "%checks%" test %*
