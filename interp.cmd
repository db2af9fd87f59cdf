@echo off
rem Builds if a source changed, and runs the command-line tool: interp.cmd demo
setlocal
call "%~dp0scripts\start.cmd" build_if_changed
if errorlevel 1 exit /b 1
dotnet "%cli%" %*
