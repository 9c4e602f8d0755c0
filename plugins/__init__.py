"""What extends Airflow: operators that speak the door's exit codes, failure messages, runbooks."""
