@echo off
rem Packs the libraries and the tool into artifacts\packages and tries the packages in empty folders outside the checkout.
rem Systems whose tool is packed can be named: pack linux-x64 win-x64
setlocal
call "%~dp0start.cmd" build_checks
if errorlevel 1 exit /b 1
dotnet "%checks%" pack %*
